// Practical work: the text is saved a moment after the last key, and the chip says only what is true. Until the server has it the text is
// kept on this device under the task's id and put back when the page opens again. <form data-draft="activity id">.
(() => {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const text = form.elements.text, sequence = form.elements.urutan, store = `linimasa:draft:${form.dataset.draft}`;
  const keep = (value) => { try { value === null ? localStorage.removeItem(store) : localStorage.setItem(store, value); } catch { /* no store: the server has what it has */ } };
  const kept = (() => { try { return localStorage.getItem(store); } catch { return null; } })();
  const chip = (state, sentence) => {
    const drawn = document.querySelector(`template[data-chip="${state}"]`);
    for (const one of document.querySelectorAll("[data-sync]")) {
      one.classList.toggle("sync--wait", state === "wait");
      if (sentence) one.textContent = sentence; else if (drawn) one.replaceChildren(drawn.content.cloneNode(true));
    }
  };
  let soon = 0, pause = 2000, busy = false, changed = false;
  const save = async () => {
    if (busy) { changed = true; return; }
    busy = true; changed = false;
    clearTimeout(soon);
    chip("saving");
    const sent = new FormData();
    for (const name of ["csrfmiddlewaretoken", "urutan", "text"]) sent.set(name, form.elements[name].value);
    const saved = text.value;
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout?.(12000) });
      if (answer.type === "opaqueredirect" || answer.status >= 500 || answer.status === 403 || answer.status === 429) throw new Error("later");
      const told = await answer.json();
      if (!told.saved) { chip("wait", `Belum tersimpan. ${told.sentence}`); return; }
      sequence.value = told.sequence + 1;
      pause = 2000;
      if (text.value === saved) keep(null);
      chip("saved");
    } catch {
      chip("wait");
      soon = setTimeout(save, pause);
      pause = Math.min(pause * 2, 30000);
    } finally { busy = false; if (changed) soon = setTimeout(save, 200); }
  };
  text.addEventListener("input", () => { keep(text.value); clearTimeout(soon); soon = setTimeout(save, 1200); });
  addEventListener("online", () => { if (localStorage.getItem(store) !== null) save(); });
  form.addEventListener("submit", () => clearTimeout(soon));
  if (kept !== null && kept !== text.value && kept.trim()) { text.value = kept; save(); } else keep(null);
})();

// The draft is saved a second after the last key, and the chip says only what is true. Until the server has it the text is kept on this device,
// by lesson and person, and sent when there is a signal again, also by the next page that is opened. What others wrote in between comes back
// merged; where both wrote the same passage, one chooses. Every quarter of a minute the page says that it is open and hears who else is.
(() => {
  "use strict";
  if (!document.editor) return;
  const { form, text, apply, paint, tally, say, $, $$ } = document.editor;
  const { person, save: address, beat } = form.dataset, prefix = `linimasa:naskah:${person}:`, store = prefix + address;
  const QUIET = 1000, LONGEST = 8000, BEAT = 15000;
  const beside = () => $$("[data-beside] :is(input, textarea, select)").filter((one) => one.name);
  const stateOf = () => JSON.stringify(beside().map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]));
  let number = Number(form.elements.edit_number.value), base = text.value, values = form.elements.base_values.value, was = stateOf();
  let timer = 0, since = 0, busy = false, pause = 2000, choosing = false, typed = 0, last = "";
  const dirty = () => text.value !== base || stateOf() !== was;
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const keep = () => {
    try {
      if (!dirty()) { localStorage.removeItem(store); return true; }
      localStorage.setItem(store, JSON.stringify({ number, base, values, body: text.value, beside: JSON.parse(stateOf()), title: document.querySelector("h1").textContent }));
      return true;
    } catch { return false; }
  };
  const chip = (words, wait) => {
    if (words === last) return;
    last = words;
    for (const one of $$("[data-saved]")) one.textContent = words;
    document.body.classList.toggle("is-wait", Boolean(wait));
    $(".saved use")?.setAttribute("href", $(".saved use").getAttribute("href").replace(/#.*/, wait ? "#cloud-off" : "#cloud-check"));
  };
  const put = (place, html) => {
    const here = typeof place === "string" ? $(place) : place;
    if (here && html !== undefined) here.replaceChildren(document.createRange().createContextualFragment(html));
  };
  const shown = () => $("[data-peek]").offsetParent !== null;
  const draw = (told) => {
    const html = told.html ?? {};
    for (const one of $$("[data-gauges]")) put(one, html.gauges);
    if (html.marks !== undefined) {
      put("[data-marks]", html.marks);
      const list = $("[data-todo]");
      list.replaceChildren(...$$("[data-marks] .mnote").map((note) => {
        const item = document.createElement("li"), words = document.createElement("p");
        item.className = note.dataset.kind; words.textContent = $("p", note).textContent;
        item.append($("h2 svg", note).cloneNode(true), words);
        return item;
      }));
      if (!list.children.length) list.textContent = "Tidak ada masalah dalam naskah ini.";
    }
    if (told.problems !== undefined) tally(told.problems);
    const article = $("[data-frame]").contentDocument?.querySelector("[data-article]");
    if (html.article !== undefined && article) put(article, html.article);
    put("[data-who]", html.who);
    const names = $("[data-who] [data-names]"), short = $("[data-who-short]");
    if (short) short.textContent = names ? names.textContent : "";
    const voices = $("[data-voices]");
    const inUse = voices.contains(document.activeElement) || $$("textarea", voices).some((one) => one.value);
    if (html.voices !== undefined && !inUse) put(voices, html.voices);
    paint();
  };
  const settle = (told, sentBeside) => { // fields beside the text: what somebody else changed is shown, what is being typed is left alone
    const shownAs = (value) => (Array.isArray(value) ? value.join("\n") : String(value ?? "")), before = JSON.parse(values || "{}"), fresh = JSON.parse(told.base_values);
    values = told.base_values;
    if (fresh.title) $(".ed-head h1").textContent = fresh.title;
    was = JSON.stringify(sentBeside.map(([name, value]) => {
      const field = form.elements[name], next = fresh[name];
      if (!field || field.type === "checkbox" || next === undefined) return [name, value];
      if (field === document.activeElement && shownAs(before[name]) !== value) return [name, value];
      if (field.value === value) field.value = shownAs(next);
      return [name, shownAs(next)];
    }));
  };
  const line = () => {
    const at = text.selectionStart, from = text.value.lastIndexOf("\n", at - 1) + 1, end = text.value.indexOf("\n", at);
    return text.value.slice(from, end < 0 ? undefined : end).trim().slice(0, 120);
  };
  const request = (url, sent, more = {}) => fetch(url, { method: "POST", body: sent, redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout?.(12000), ...more });
  const renew = async () => { // a new sign-in in another tab has a new token
    const page = new DOMParser().parseFromString(await (await fetch(location.href, { redirect: "manual" })).text(), "text/html");
    const token = page.querySelector("form[data-editor] [name=csrfmiddlewaretoken]")?.value;
    if (token) for (const one of $$("[name=csrfmiddlewaretoken]")) one.value = token;
  };
  const sentFrom = (withBase, choices) => {
    const sent = new URLSearchParams(new FormData(form));
    sent.set("body", text.value); sent.set("edit_number", number); sent.set("base_values", values); sent.set("baris", line());
    if (withBase) sent.set("base", base); else sent.delete("base");
    if (shown()) sent.set("pratinjau", "1");
    for (const [name, value] of choices ?? []) sent.set(name, value);
    return sent;
  };
  const save = async (withBase = false, choices = null) => {
    clearTimeout(timer);
    if (text.readOnly || (choosing && !choices)) return;
    if (busy) { plan(300); return; }
    if (!dirty() && !choices) return;
    busy = true; since = 0;
    chip("Menyimpan", true);
    const body = text.value, sentBeside = JSON.parse(stateOf());
    let again = null;
    try {
      const answer = await request(address, sentFrom(withBase, choices));
      if (answer.type === "opaqueredirect") throw new Error("signed-out");
      if (answer.status === 403) { await renew(); throw new Error("later"); }
      if (answer.status === 404 || answer.status === 413) throw new Error("refused");
      if (answer.status >= 500 || answer.status === 429) throw new Error("later");
      const told = await answer.json();
      pause = 2000;
      if (answer.status === 409) {
        if (!withBase) again = () => save(true);
        else choose(told);
      } else if (!told.saved) {
        keep();
        chip(`Belum tersimpan. ${told.sentence}`, true);
      } else {
        choosing = false; $("[data-open-choice]").hidden = true;
        if (told.body === undefined) { base = body; number = told.edit_number; }
        else if (text.value === body) { apply(told.body); base = text.value; number = told.edit_number; }
        else { base = body; again = () => save(true); } // typed on in the meantime: merged once more with what the server has
        if (choices) say("Pilihan Anda tersimpan.");
        else if (told.body !== undefined) say(`Tulisan ${told.by || "dari halaman lain"} sudah digabung dengan tulisan Anda.`);
        form.elements.edit_number.value = number; form.elements.base.value = base;
        settle(told, sentBeside);
        form.elements.base_values.value = values;
        keep();
        const field = Object.values(told.fields)[0];
        chip(field ? `Naskah tersimpan ${told.at}. ${field}` : dirty() ? "Menyimpan" : `Tersimpan ${told.at}`, Boolean(field) || dirty());
        if (!again && dirty() && !field) again = () => plan();
        draw(told);
      }
    } catch (error) {
      const safe = keep();
      const why = { "signed-out": "Masuk lagi di tab lain.", refused: "Server tidak menerimanya. Salin tulisan Anda dan muat ulang halaman." }[error.message] ?? "";
      chip(safe ? `Tersimpan di perangkat ini, belum terkirim. ${why}` : `Belum tersimpan. Jangan tutup halaman ini. ${why}`, true);
      if (error.message !== "refused") timer = setTimeout(save, pause);
      pause = Math.min(pause * 2, 30000);
    } finally { busy = false; }
    if (again) await again();
  };
  const plan = (wait = QUIET) => {
    const now = performance.now();
    since ||= now;
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(wait, since + LONGEST - now)));
  };
  const changed = () => {
    typed = Date.now();
    const safe = keep();
    if (!dirty()) return;
    if (!choosing) chip(navigator.onLine === false ? (safe ? "Tersimpan di perangkat ini, belum terkirim." : "Belum tersimpan.") : "Belum tersimpan", true);
    plan();
  };
  text.addEventListener("input", changed);
  $("[data-beside]")?.addEventListener("input", changed);
  addEventListener("online", () => save());
  document.editor.save = () => { if (dirty()) save(); else say("Semua sudah tersimpan."); };
  document.editor.look = () => { if (dirty()) plan(0); else $("[data-frame]").contentWindow.location.reload(); };
  form.addEventListener("submit", () => { clearTimeout(timer); });

  // --- two texts: one chooses
  const dialog = $("#pilihan"), opener = $("[data-open-choice]");
  const choose = (told) => {
    choosing = true; keep();
    put(dialog, told.collision);
    chip("Belum tersimpan: ada dua tulisan", true);
    opener.hidden = false;
    if (!$("dialog[open]")) dialog.showModal();
  };
  opener?.addEventListener("click", () => { choosing = false; save(true); });
  dialog?.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = new FormData(event.target), parts = $$("fieldset", dialog).length, made = [...chosen].filter(([name]) => /^pilih-|^seen$/.test(name));
    if (made.length <= parts) { $("[data-chosen-error]", dialog).hidden = false; return; }
    dialog.close();
    save(true, made);
  });

  // --- who else is here
  const pulse = async () => {
    if (document.visibilityState === "hidden") return;
    const sent = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, nomor: number });
    if (!text.readOnly && Date.now() - typed < 20000) { sent.set("menulis", "1"); sent.set("baris", line()); }
    if (shown()) sent.set("pratinjau", "1");
    try {
      const answer = await request(beat, sent);
      if (!answer.ok) return;
      const told = await answer.json();
      if (told.body !== undefined && told.edit_number > number) {
        if (busy || dirty()) { delete told.html.marks; delete told.html.article; delete told.html.gauges; delete told.problems; } // the next save merges it
        else {
          const sentBeside = JSON.parse(stateOf());
          apply(told.body); base = text.value; number = told.edit_number;
          form.elements.edit_number.value = number; form.elements.base.value = base;
          settle(told, sentBeside); form.elements.base_values.value = values;
          keep();
          say(`${told.by || "Halaman lain"} menyimpan perubahan ${told.at}; tulisannya sudah masuk di sini.`);
          chip(`Tersimpan ${told.at}`, false);
        }
      }
      draw(told);
    } catch { /* no signal: the chip says so when there is something to save */ }
  };
  document.editor.pulse = pulse;
  setInterval(pulse, BEAT);
  document.addEventListener("visibilitychange", pulse);
  addEventListener("pagehide", () => {
    const gone = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, nomor: number, keluar: "1" });
    if (dirty() && !text.readOnly) { keep(); try { request(address, sentFrom(false), { keepalive: true, signal: undefined }).catch(() => {}); } catch { /* it is kept here */ } }
    navigator.sendBeacon?.(beat, gone);
  });
  addEventListener("beforeunload", (event) => { if (dirty() && !keep()) event.preventDefault(); });

  // --- remarks: sent without leaving the page
  document.addEventListener("submit", async (event) => {
    const sent = event.target.closest("form[data-remarks]");
    if (!sent) return;
    event.preventDefault();
    try {
      const answer = await request(sent.action, new URLSearchParams(new FormData(sent)), { headers: { "X-Requested-With": "fragment" } });
      if (!answer.ok) { say("Catatan belum tersimpan. Tulis isinya, lalu coba lagi."); return; }
      sent.reset(); document.activeElement.blur(); sent.closest("details")?.removeAttribute("open");
      say("Catatan tersimpan.");
      await pulse();
    } catch { say("Catatan belum terkirim. Periksa sinyal, lalu coba lagi."); }
  });

  // --- what an earlier page could not send: this lesson's own, then those of other lessons
  const kept = read(store);
  if (kept && !text.readOnly && (kept.body.trim() !== text.value.trim() || JSON.stringify(kept.beside) !== was)) {
    number = kept.number; base = kept.base; values = kept.values;
    apply(kept.body);
    for (const [name, value] of kept.beside ?? []) { const field = form.elements[name]; if (field && field.type !== "checkbox") field.value = value; }
    say("Tulisan yang belum terkirim dari perangkat ini sudah dikembalikan.");
    save(true);
  } else keep();
  const others = async () => {
    let keys = [];
    try { keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix) && key !== store); } catch { return; }
    for (const key of keys) {
      const one = read(key);
      if (!one) continue;
      const sent = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, edit_number: one.number, base: one.base, base_values: one.values, body: one.body });
      for (const [name, value] of one.beside ?? []) sent.set(name, value === true ? "on" : value);
      try {
        const answer = await request(key.slice(prefix.length), sent);
        if (answer.ok && (await answer.json()).saved) { localStorage.removeItem(key); say(`Tulisan Anda di «${one.title}» yang belum terkirim sekarang tersimpan.`); }
        else say(`Tulisan Anda di «${one.title}» masih di perangkat ini. Buka pelajaran itu untuk mengirimnya.`);
      } catch { return; }
    }
  };
  if (!text.readOnly) { others(); addEventListener("online", others); }
  pulse();
})();

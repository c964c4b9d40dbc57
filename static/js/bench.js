// The grading bench: live score, a draft that saves itself, the claim taken on opening, notes at a selected passage, words inserted at the
// caret. Number keys only while focus is inside a criterion (WCAG 2.1.4), Alt or Ctrl elsewhere; one switch turns all off and is remembered.
(() => {
  "use strict";
  const token = (form) => form.elements.csrfmiddlewaretoken.value;
  const post = (address, body) => fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout?.(12000) });

  const page = document.querySelector("form[data-claim]"); // answers to one question: the whole page is taken in hand
  const take = (form, address) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token(form));
    body.set("aksi", "ambil");
    return post(address, body);
  };
  if (page) {
    take(page, location.href).then((answer) => answer.json()).then((told) => { if (!told.held && !sessionStorage.getItem("dipegang")) { sessionStorage.setItem("dipegang", "1"); location.reload(); } else sessionStorage.removeItem("dipegang"); }).catch(() => {});
  }

  const bench = document.querySelector("form[data-bench]");
  if (!bench) return;
  const all = (selector) => document.querySelectorAll(selector);

  // --- the score
  const criteria = [...bench.querySelectorAll("[data-weight]")];
  const picked = (criterion) => criterion.querySelector("input:checked");
  const write = () => {
    let got = 0, of = 0;
    for (const criterion of criteria) {
      const level = picked(criterion);
      if (!level) continue;
      got += Number(level.dataset.share ?? level.value) * Number(criterion.dataset.weight);
      of += Number(criterion.dataset.weight);
    }
    const left = criteria.filter((criterion) => !picked(criterion)).length;
    const say = (selector, text) => { for (const out of all(selector)) out.textContent = text; };
    say("[data-score]", of ? Math.round(got) : "–");
    say("[data-of]", of || 100);
    if (!criteria.length) return;
    say("[data-count]", `\u00a0${criteria.length - left}/${criteria.length}`);
    say("[data-left]", left ? `${left} kriteria belum dinilai.` : "Semua kriteria sudah dinilai.");
  };
  write();

  // --- shortcuts
  const store = (value) => { try { return value === undefined ? localStorage.getItem("linimasa:pintasan") : localStorage.setItem("linimasa:pintasan", value); } catch { return null; } };
  const on = document.querySelector("[data-shortcuts]"), keyed = [...bench.querySelectorAll("[accesskey]")].map((one) => [one, one.accessKey]);
  const listen = () => { for (const [one, key] of keyed) one.accessKey = on && !on.checked ? "" : key; };
  if (on) {
    on.checked = store() !== "mati";
    on.addEventListener("change", () => { store(on.checked ? "hidup" : "mati"); listen(); });
    listen();
  }
  document.addEventListener("keydown", (event) => {
    if (on && !on.checked) return;
    if (event.altKey && !event.ctrlKey && event.code === "KeyC" && noting) { event.preventDefault(); quote(true); return; }
    if (!bench.contains(event.target)) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { event.preventDefault(); bench.requestSubmit(bench.querySelector(".bench-foot .button--next")); return; }
    const criterion = event.target.closest("[data-weight]");
    if (!criterion || event.altKey || event.ctrlKey || event.metaKey || event.target.matches("textarea, input[type=text]")) return;
    const level = criterion.querySelector(`input[data-key="${CSS.escape(event.key)}"]`);
    if (level) { level.checked = true; level.focus(); level.dispatchEvent(new Event("change", { bubbles: true })); }
  });

  // --- the draft
  const step = bench.dataset.step, chip = document.querySelector("[data-draft-chip]"), sequence = bench.elements.urutan;
  let soon = 0, pause = 2000, busy = false, again = false;
  const tell = (text) => { if (chip) chip.textContent = text; };
  const save = async () => {
    if (busy) { again = true; return; }
    busy = true; again = false;
    clearTimeout(soon);
    const body = new FormData(bench);
    body.delete("kutipan"); body.delete("catatan");
    try {
      const answer = await post(step, body);
      if (answer.type === "opaqueredirect" || answer.status >= 500 || answer.status === 403 || answer.status === 429) throw new Error("later");
      const told = await answer.json();
      if (told.saved) { sequence.value = told.sequence + 1; pause = 2000; }
      tell(told.sentence || `Draf tersimpan ${told.time}.`);
      return told;
    } catch {
      tell("Draf menunggu sinyal.");
      soon = setTimeout(save, pause);
      pause = Math.min(pause * 2, 30000);
    } finally { busy = false; if (again) soon = setTimeout(save, 200); }
  };
  const change = (event) => {
    write();
    if (!step || !event.target.name || event.target.closest("[data-note]")) return;
    clearTimeout(soon);
    soon = setTimeout(save, 1200);
  };
  bench.addEventListener("input", change);
  bench.addEventListener("change", change);
  bench.addEventListener("submit", () => clearTimeout(soon));
  const free = step && bench.querySelector('[data-claimed] [value="ambil"]');
  if (free) take(bench, step).then((answer) => answer.json()).then((told) => { // opening takes it in hand; a page that lost says who has it
    if (!told.held) { location.reload(); return; }
    bench.querySelector("[data-claimed] span").textContent = `Anda memegang pekerjaan ini sampai pukul ${told.until}.`;
    free.value = "lepas";
    free.textContent = "Kembalikan ke antrean";
  }).catch(() => {});
  if (step && bench.querySelector("[data-claimed]")) setInterval(() => { if (document.visibilityState === "visible" && document.hasFocus()) save(); }, 600000);

  // --- words to use again
  bench.addEventListener("click", (event) => {
    const phrase = event.target.closest("[data-phrase]");
    const text = phrase && document.getElementById(phrase.dataset.phrase);
    if (!text) return;
    event.preventDefault();
    const before = text.value.slice(0, text.selectionStart), words = phrase.textContent.trim();
    text.setRangeText(`${before && !/\s$/.test(before) ? " " : ""}${words}${/[.!?]$/.test(words) ? "" : "."} `, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  });

  // --- notes at a passage
  const noting = document.querySelector("[data-note]"), passages = document.querySelector("[data-passages]");
  const quote = (move) => {
    const chosen = getSelection();
    if (!chosen || chosen.isCollapsed || !passages?.contains(chosen.anchorNode) || !passages.contains(chosen.focusNode)) return;
    const range = chosen.getRangeAt(0), first = (range.startContainer.nodeType === 3 ? range.startContainer.parentElement : range.startContainer).closest("[data-at]");
    bench.elements.kutipan.value = chosen.toString().trim().slice(0, 300);
    bench.elements.letak.value = first ? Number(first.dataset.at) + (range.startContainer.nodeType === 3 ? range.startOffset : 0) : "";
    noting.open = true;
    if (move) bench.elements.catatan.focus();
  };
  if (noting && passages) { passages.addEventListener("mouseup", () => quote(false)); passages.addEventListener("touchend", () => setTimeout(quote, 300)); }
})();

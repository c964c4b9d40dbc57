// The lesson's text: changed so that the browser's own undo keeps working, and a transparent copy under it that carries the marks, with the
// notes of the margin beside their words. Other behaviours of the editor use `document.editor`.
(() => {
  "use strict";
  const form = document.querySelector("form[data-editor]"), text = form?.elements.body;
  if (!text) return;
  const $ = (one, root = document) => root.querySelector(one), $$ = (many, root = document) => [...root.querySelectorAll(many)];
  const box = $("[data-md-box]"), back = $("[data-back]"), scroller = $(".ed__write"), margin = $(".margin");
  box.classList.add("is-live");

  // Put `put` in the place of what stands from `from` to `to`. One step of undo.
  const replace = (from, to, put) => {
    const before = document.activeElement, top = scroller.scrollTop, page = scrollY;
    text.focus({ preventScroll: true });
    text.setSelectionRange(from, to);
    let done = false;
    try { done = put ? document.execCommand("insertText", false, put) : from === to || document.execCommand("delete"); } catch { /* below */ }
    if (!done) { text.setRangeText(put, from, to, "end"); text.dispatchEvent(new Event("input", { bubbles: true })); }
    scroller.scrollTop = top; scrollTo(scrollX, page);
    if (before && before !== text && before !== document.body) before.focus({ preventScroll: true });
  };
  // Make the whole text `next`, changing only what differs; the caret stays with its words.
  const apply = (next) => {
    const old = text.value;
    if (next === old) return;
    let start = 0, end = 0;
    while (start < old.length && start < next.length && old[start] === next[start]) start += 1;
    while (end < old.length - start && end < next.length - start && old[old.length - 1 - end] === next[next.length - 1 - end]) end += 1;
    const last = old.length - end, shift = next.length - old.length;
    const moved = (at) => (at <= start ? at : at >= last ? at + shift : Math.min(at, next.length - end));
    const from = moved(text.selectionStart), to = moved(text.selectionEnd);
    replace(start, last, next.slice(start, next.length - end));
    text.setSelectionRange(from, to);
  };
  const say = (words) => { const place = $("[data-told]"); if (place) place.textContent = words; };

  // --- marks and margin
  const wide = matchMedia("(min-width: 62rem)");
  let notes = [], marks = new Map();
  const paint = () => {
    const value = text.value, hits = [], used = new Map();
    notes = $$("[data-anchor]", margin);
    for (const note of notes) {
      const anchor = note.dataset.anchor;
      let at = anchor ? value.indexOf(anchor, used.get(anchor) ?? 0) : -1;
      if (at < 0 && anchor) at = value.indexOf(anchor);
      if (at >= 0) { hits.push({ note, at, end: at + anchor.length }); if (note.dataset.kind) used.set(anchor, at + 1); }
    }
    hits.sort((a, b) => a.at - b.at || a.end - b.end);
    const pieces = [];
    const band = (piece) => {
      for (const part of piece.split(/(^#{1,4} .*$|^\/{3,}.*$)/m)) {
        const kind = /^#{1,4} /.test(part) ? "md-h" : /^\/{3}/.test(part) ? "md-b" : "";
        if (!kind) { pieces.push(part); continue; }
        const one = document.createElement("span"); one.className = kind; one.textContent = part; pieces.push(one);
      }
    };
    marks = new Map();
    let at = 0, last = null;
    for (const hit of hits) {
      if (hit.at < at) { if (last && hit.at < last.end) marks.set(hit.note, last.mark); continue; }
      band(value.slice(at, hit.at));
      const mark = document.createElement("mark");
      mark.className = hit.note.dataset.kind; mark.textContent = value.slice(hit.at, hit.end);
      pieces.push(mark); marks.set(hit.note, mark); last = { mark, end: hit.end }; at = hit.end;
    }
    band(value.slice(at));
    back.replaceChildren(...pieces, "\n");
    if (!CSS.supports("field-sizing", "content")) text.style.blockSize = `${back.offsetHeight}px`;
    align();
  };
  const align = () => {
    const base = margin.getBoundingClientRect().top;
    const placed = notes.map((note) => ({ item: note.closest("li"), mark: marks.get(note) }));
    for (const { item, mark } of placed) { item.classList.toggle("is-placed", Boolean(wide.matches && mark)); item.style.top = ""; }
    if (!wide.matches) { margin.style.minBlockSize = ""; return; }
    // What belongs to no words stands first; then each note beside its words, below the one before.
    let free = 0;
    for (const one of margin.children) for (const item of one.matches("ol") ? one.children : [one]) {
      if (!item.classList.contains("is-placed") && item.offsetHeight) free = Math.max(free, item.getBoundingClientRect().bottom - base + 10);
    }
    const sorted = placed.filter((one) => one.mark && one.item.classList.contains("is-placed")).map((one) => ({ ...one, at: one.mark.getBoundingClientRect().top - base - 6 })).sort((a, b) => a.at - b.at);
    for (const one of sorted) { const top = Math.max(free, one.at); one.item.style.top = `${top}px`; free = top + one.item.offsetHeight + 10; }
    margin.style.minBlockSize = `${free + 20}px`;
  };
  let drawn = 0;
  const soon = () => { cancelAnimationFrame(drawn); drawn = requestAnimationFrame(paint); };
  text.addEventListener("input", soon);
  margin.addEventListener("toggle", soon, true);
  addEventListener("resize", soon);
  document.fonts?.ready.then(soon);
  paint();

  // --- the first problem
  const toolbar = $("[data-tools]"), goto = $("[data-problem]");
  if (toolbar) toolbar.hidden = false;
  const tally = (count) => {
    for (const one of $$("[data-count]")) { one.textContent = count; one.closest(".ed-check")?.classList.toggle("is-clean", !Number(count)); }
    goto.hidden = !count;
  };
  const first = () => {
    const note = notes.filter((one) => one.dataset.kind === "is-bad").map((one) => ({ one, at: text.value.indexOf(one.dataset.anchor || "\0") })).sort((a, b) => (a.at < 0) - (b.at < 0) || a.at - b.at)[0];
    if (!note) return;
    const side = $("#t-tulis"); if (side) side.checked = true;
    if (note.at < 0) { note.one.scrollIntoView({ block: "center" }); $("#pemeriksaan").showPopover?.(); return; }
    text.focus({ preventScroll: true });
    text.setSelectionRange(note.at, note.at + note.one.dataset.anchor.length);
    (marks.get(note.one) ?? text).scrollIntoView({ block: "center" });
  };
  goto.addEventListener("click", first);
  for (const one of $$("[data-without-script]")) one.hidden = true;
  tally($$("[data-marks] .mnote--bad").length);
  document.editor = { form, text, replace, apply, paint: soon, tally, first, say, $, $$ };
})();

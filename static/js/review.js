// A remark about chosen words: whatever is selected in a lesson's changes goes into the form of that lesson, with what stands around it.
(() => {
  const MOST = 400, AROUND = 80;

  // The words of a node as the draft has them: without what was removed and without the texts for screen readers.
  const words = (range) => {
    const part = range.cloneContents();
    part.querySelectorAll("del, .vh").forEach((one) => one.remove());
    return part.textContent;
  };

  const chosen = (box) => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    const passage = range.startContainer.parentElement?.closest(".diff");
    if (!passage || !box.contains(passage) || !passage.contains(range.endContainer)) return null;
    const before = document.createRange(), after = document.createRange();
    before.setStart(passage, 0);
    before.setEnd(range.startContainer, range.startOffset);
    after.setStart(range.endContainer, range.endOffset);
    after.setEnd(passage, passage.childNodes.length);
    return { quote: words(range).trim().slice(0, MOST), before: words(before).slice(-AROUND), after: words(after).slice(0, AROUND) };
  };

  // The press itself takes the selection away, so it is read when the pointer or the key goes down.
  let kept = null;
  const keep = (event) => {
    const summary = event.target.closest?.("[data-remark-new] > summary");
    kept = summary ? chosen(summary.closest("[data-activity]")) : null;
  };
  document.addEventListener("pointerdown", keep);
  document.addEventListener("keydown", keep);

  document.addEventListener("toggle", (event) => {
    const box = event.target;
    if (!box.matches?.("[data-remark-new]") || !box.open) return;
    const form = box.querySelector("form");
    if (kept?.quote) for (const name of ["quote", "before", "after"]) form.elements[name].value = kept[name];
    kept = null;
    form.elements.body.focus();
  }, true);
})();

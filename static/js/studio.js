// The Markdown editor's tools: wrap the selection, insert a block, and say that something is not saved yet.
(() => {
  "use strict";
  for (const tools of document.querySelectorAll("[data-tools]")) tools.hidden = false;
  const put = (text, before, after) => {
    const start = text.selectionStart;
    text.setRangeText(before + text.value.slice(start, text.selectionEnd) + after, start, text.selectionEnd, "end");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-md], [data-block]");
    const text = button && document.getElementById(button.closest("[data-tools]").dataset.tools);
    if (!text) return;
    if (button.dataset.block) {
      text.selectionStart = text.selectionEnd;
      const gap = /(^|\n\n)$/.test(text.value.slice(0, text.selectionStart)) ? "" : "\n\n";
      put(text, gap + document.getElementById(button.dataset.block).value + "\n", "");
    } else {
      put(text, button.dataset.md, button.dataset.after);
    }
  });
  let changed = false;
  document.addEventListener("input", (event) => {
    if (changed || !event.target.closest("form[data-draft]")) return;
    changed = true;
    document.dispatchEvent(new CustomEvent("linimasa:sync", { detail: { text: "Belum disimpan", wait: true } }));
  });
  for (const gone of ["submit", "linimasa:sent"]) document.addEventListener(gone, () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
})();

// The Markdown editor's tools: wrap the selection, and say that something is not saved yet.
(() => {
  "use strict";
  const around = { heading: ["\n## ", ""], bold: ["**", "**"], italic: ["_", "_"], list: ["\n- ", ""], numbers: ["\n1. ", ""], link: ["[", "](https://)"], image: ["![Tulis keterangan gambar](", ")"] };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-md]");
    const text = button && document.getElementById(button.dataset.for);
    if (!text) return;
    const [before, after] = around[button.dataset.md], start = text.selectionStart;
    text.setRangeText(before + text.value.slice(start, text.selectionEnd) + after, start, text.selectionEnd, "end");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  let changed = false;
  document.addEventListener("input", (event) => {
    if (changed || !event.target.closest("form[data-draft]")) return;
    changed = true;
    document.dispatchEvent(new CustomEvent("linimasa:sync", { detail: { text: "Belum disimpan", wait: true } }));
  });
  document.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
})();

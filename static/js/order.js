// Ordering by buttons (WCAG 2.5.7: no dragging). Without this file each button submits and the server moves the row.
// <ol data-order> of <li data-name="…"> with hidden inputs inside; buttons carry data-move="-1" or "1".
(() => {
  "use strict";
  const say = (list, text) => {
    const live = list.parentElement.querySelector("[role=status]");
    if (live) live.textContent = text;
  };
  const edges = (list) => {
    [...list.children].forEach((row, index, all) => {
      for (const button of row.querySelectorAll("[data-move]")) {
        const end = button.dataset.move === "-1" ? index === 0 : index === all.length - 1;
        if (end) button.setAttribute("aria-disabled", "true"); else button.removeAttribute("aria-disabled");
      }
    });
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-order] [data-move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li"), list = row.parentElement;
    const up = button.dataset.move === "-1";
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (!other) { say(list, `${row.dataset.name} sudah paling ${up ? "atas" : "bawah"}.`); return; }
    if (up) other.before(row); else other.after(row);
    edges(list);
    button.focus();
    say(list, `${row.dataset.name} sekarang nomor ${[...list.children].indexOf(row) + 1} dari ${list.children.length}.`);
    list.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();

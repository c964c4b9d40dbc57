// A second press within 600 ms is ignored, and the button says that it is busy. Buttons are never disabled:
// a page that comes back from the history must work again.
(() => {
  "use strict";
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    const now = performance.now();
    if (now - (sent.get(form) ?? -Infinity) < 600) { event.preventDefault(); return; }
    sent.set(form, now);
    const button = event.submitter;
    if (form.method !== "post" || !button || button.dataset.quiet !== undefined) return;
    button.classList.add("is-busy");
    if (!button.querySelector(".vh") && !button.dataset.label) {
      button.dataset.label = button.textContent;
      setTimeout(() => { button.textContent = button.dataset.busy || "Menyimpan"; });
    }
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const button of document.querySelectorAll(".is-busy")) {
      button.classList.remove("is-busy");
      if (button.dataset.label) { button.textContent = button.dataset.label; delete button.dataset.label; }
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest('[aria-disabled="true"]')) event.preventDefault();
  });
})();

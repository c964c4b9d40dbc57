// A second press within 600 ms is ignored, and the button says that it is busy. Buttons are never disabled:
// a page that comes back from the history, or a request that never arrived, must let the person press again.
(() => {
  "use strict";
  const PATIENCE = 8000;
  const sent = new WeakMap(), before = new Map();
  const restore = (button) => {
    button.classList.remove("is-busy");
    if (before.has(button)) button.replaceChildren(...before.get(button));
    before.delete(button);
  };
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (event.defaultPrevented || button?.formMethod === "dialog" || form.method === "dialog") return;
    const now = performance.now();
    if (now - (sent.get(form) ?? -Infinity) < 600) { event.preventDefault(); return; }
    sent.set(form, now);
    if (form.method !== "post" || !button || button.dataset.quiet !== undefined) return;
    setTimeout(() => {
      button.classList.add("is-busy");
      if (!button.matches(".icon-button") && !before.has(button)) {
        before.set(button, [...button.childNodes]);
        button.textContent = button.dataset.busy || "Menyimpan";
      }
      setTimeout(restore, PATIENCE, button);
    });
  });
  addEventListener("pageshow", () => { for (const button of [...before.keys()]) restore(button); });
  document.addEventListener("click", (event) => {
    if (event.target.closest('[aria-disabled="true"]')) event.preventDefault();
  });
})();

// Inline checks in a lesson: the server answers with the same section again, and it takes the old one's place.
// Without this file the form posts and the page comes back with the answer at the same spot.
(() => {
  "use strict";
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-check]");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    const box = form.closest("[data-swap]") ?? form;
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), headers: { "X-Requested-With": "fragment" } });
      if (!response.ok && response.status !== 422) throw new Error(String(response.status));
      const holder = document.createElement("template");
      holder.innerHTML = await response.text();
      const fresh = holder.content.firstElementChild;
      box.replaceWith(fresh);
      (fresh.querySelector("[type=submit]") ?? fresh.querySelector("[data-answer]"))?.focus({ preventScroll: true });
    } catch {
      form.submit();
    }
  });
})();

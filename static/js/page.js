// Several questions on one page: each becomes a form of its own, so that it is saved by itself as it is answered (autosave.js).
// <form data-page> with <section data-part data-prefix data-url data-attempt data-number data-total>; [data-onward] holds where «Lanjut» leads.
(() => {
  "use strict";
  const page = document.querySelector("form[data-page]");
  if (!page) return;
  const around = document.createElement("div");
  const own = globalThis.outbox.own = (part) => { // also one that is drawn again, when another tab was there first
    const form = document.createElement("form"), { prefix, url, attempt, number, total } = part.dataset;
    Object.assign(form.dataset, { quiz: "", attempt, number, total });
    Object.assign(form, { method: "post", action: url, noValidate: true });
    form.addEventListener("submit", (event) => event.preventDefault()); // Enter: saved already, and one goes on by the button
    part.replaceWith(form);
    form.append(part);
    for (const field of form.elements) if (field.name.startsWith(prefix)) field.name = field.name.slice(prefix.length);
    return form;
  };
  around.append(...page.childNodes);
  page.replaceWith(around);
  around.querySelectorAll("[data-part]").forEach(own);
  const onward = around.querySelector("[data-onward]");
  onward.addEventListener("click", () => location.assign(onward.dataset.onward));
})();

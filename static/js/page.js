// Several questions on one page: each becomes a form of its own, so that it is saved by itself as it is answered (autosave.js).
// <form data-page> with <section data-part data-prefix data-url data-attempt data-number data-total>; [data-onward] holds where «Lanjut» leads.
(() => {
  "use strict";
  const page = document.querySelector("form[data-page]");
  if (!page) return;
  const token = page.querySelector("[name=csrfmiddlewaretoken]"), around = document.createElement("div");
  around.append(...page.childNodes);
  page.replaceWith(around);
  for (const part of around.querySelectorAll("[data-part]")) {
    const form = document.createElement("form"), { prefix, url, attempt, number, total } = part.dataset;
    Object.assign(form.dataset, { quiz: "", attempt, number, total });
    form.method = "post";
    form.action = url;
    form.noValidate = true;
    form.addEventListener("submit", (event) => event.preventDefault()); // Enter: saved already, and one goes on by the button
    part.replaceWith(form);
    form.append(part, token.cloneNode());
    for (const field of form.elements) if (field.name.startsWith(prefix)) field.name = field.name.slice(prefix.length);
  }
  around.querySelector("[data-onward]").addEventListener("click", (event) => location.assign(event.currentTarget.dataset.onward));
})();

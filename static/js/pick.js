// Picking rows of a table: the number picked, in words, live. <form data-pick> with checkboxes and [data-picked] texts.
(() => {
  "use strict";
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-pick]");
    if (!form) return;
    const all = event.target.matches("[data-all]");
    const boxes = [...form.querySelectorAll("input[type=checkbox]:not([data-all])")];
    if (all) for (const box of boxes) box.checked = event.target.checked;
    const count = boxes.filter((box) => box.checked).length;
    for (const text of form.querySelectorAll("[data-picked]")) text.textContent = count;
  });
})();

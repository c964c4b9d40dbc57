// <button data-dialog="id"> opens <dialog id="id">. In a form, the button submits when this file is missing
// (the server then asks on a page of its own). <button data-close> closes.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) { event.preventDefault(); dialog.showModal(); return; }
    const closer = event.target.closest("dialog [data-close]");
    if (closer) { event.preventDefault(); closer.closest("dialog").close(); }
    const printer = event.target.closest("[data-print]");
    if (printer) { event.preventDefault(); print(); }
  });
})();

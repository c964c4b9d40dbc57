// The error summary takes focus on load, so that keyboards and screen readers start there.
(() => {
  "use strict";
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
})();

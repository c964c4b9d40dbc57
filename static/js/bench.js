// The grading bench: live score, number keys only while focus is inside a criterion (WCAG 2.1.4) and switched on,
// Ctrl/Cmd+Enter saves from anywhere in the form, phrases insert at the caret.
(() => {
  "use strict";
  const bench = document.querySelector("form[data-bench]");
  if (!bench) return;
  const criteria = [...bench.querySelectorAll("[data-weight]")];
  const picked = (criterion) => criterion.querySelector("input:checked");
  const write = () => {
    let got = 0;
    for (const criterion of criteria) {
      const level = picked(criterion);
      if (level) got += Number(level.dataset.share ?? level.value) * Number(criterion.dataset.weight);
    }
    const left = criteria.filter((criterion) => !picked(criterion)).length;
    for (const out of document.querySelectorAll("[data-score]")) out.textContent = Math.round(got);
    for (const out of document.querySelectorAll("[data-left]")) out.textContent = left ? `${left} kriteria belum dinilai.` : "Semua kriteria sudah dinilai.";
  };
  bench.addEventListener("change", write);
  bench.addEventListener("keydown", (event) => {
    const on = document.querySelector("[data-shortcuts]");
    if (on && !on.checked) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { event.preventDefault(); bench.requestSubmit(); return; }
    const criterion = event.target.closest("[data-weight]");
    if (!criterion || event.altKey || event.ctrlKey || event.metaKey || event.target.matches("textarea, input[type=text]")) return;
    const level = criterion.querySelector(`input[data-key="${CSS.escape(event.key)}"]`);
    if (level) { level.checked = true; level.focus(); write(); }
  });
  bench.addEventListener("click", (event) => {
    const phrase = event.target.closest("[data-phrase]");
    const text = phrase && document.getElementById(phrase.dataset.phrase);
    if (!text) return;
    text.setRangeText(`${phrase.textContent.trim()}. `, text.selectionStart, text.selectionEnd, "end");
    text.focus();
  });
  write();
})();

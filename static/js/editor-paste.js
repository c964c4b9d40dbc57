// Pasting and dropping: text of a word processor and cells of a spreadsheet become Markdown (the server's work; until it answers, and without
// a signal, the plain text stands there), pictures are uploaded once their alternative text is written. Every step can be undone.
(() => {
  "use strict";
  if (!document.editor || document.editor.text.readOnly) return;
  const { form, text, replace, say, $ } = document.editor;
  const box = $("[data-md-box]"), dialog = $("#gambar-baru"), asked = $("form", dialog), words = $("#teks-alternatif"), wrong = $("[data-picture-error]");
  const token = () => form.elements.csrfmiddlewaretoken.value;
  const isFormatted = (html) => /<(p|div|br|b|strong|i|em|h[1-6]|li|table|a)[\s>]|font-weight|font-style/i.test(html);

  text.addEventListener("paste", async (event) => {
    const board = event.clipboardData, html = board?.getData("text/html") ?? "", plain = (board?.getData("text/plain") ?? "").replace(/\r\n?/g, "\n");
    const files = [...(board?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (files.length && !plain.trim()) { event.preventDefault(); take(files); return; }
    if (!plain.trim() || !(plain.includes("\t") || isFormatted(html))) return;
    event.preventDefault();
    const at = text.selectionStart;
    replace(at, text.selectionEnd, plain);
    const sent = new URLSearchParams({ csrfmiddlewaretoken: token(), html: html.replace(/src=(["'])data:.*?\1/gis, "src=$1$1"), teks: plain });
    try {
      const answer = await fetch(form.dataset.paste, { method: "POST", body: sent, redirect: "manual", signal: AbortSignal.timeout?.(8000) });
      const told = await answer.json();
      if (!answer.ok) { say(told.sentence); return; }
      if (told.told) say(told.told);
      let put = told.text;
      const from = text.value.slice(at, at + plain.length) === plain ? at : text.value.indexOf(plain);
      if (from < 0 || !put || put === plain) return;
      const block = /\n|^[#|-]/.test(put), head = text.value.slice(0, from), tail = text.value.slice(from + plain.length);
      if (block && head && !head.endsWith("\n\n") && (head.endsWith("\n") || /^([#|-]|\d+\. )/.test(put))) put = (head.endsWith("\n") ? "\n" : "\n\n") + put;
      if (block && tail.trim() && !tail.startsWith("\n\n")) put += tail.startsWith("\n") ? "\n" : "\n\n";
      const caret = text.selectionStart, end = from + plain.length;
      replace(from, end, put);
      if (caret !== end) { const moved = caret > end ? caret + put.length - plain.length : caret; text.setSelectionRange(moved, moved); }
    } catch { say("Tertempel sebagai teks biasa, karena server belum terjangkau."); }
  });

  // --- pictures
  const waiting = [];
  let now = null, caret = null;
  const take = (files) => { waiting.push(...files); caret ??= text.selectionEnd; if (!dialog.open) next(); };
  const next = () => {
    now = waiting.shift();
    if (!now) { caret = null; text.focus(); return; }
    const picture = $("[data-picture]");
    picture.hidden = true; wrong.hidden = true; words.value = "";
    $("[data-picture-name]").textContent = `${now.name || "Gambar"}, ${Math.max(1, Math.round(now.size / 1000))} KB`;
    const reader = new FileReader();
    reader.onload = () => { picture.src = reader.result; picture.hidden = false; };
    if (now.type.startsWith("image/")) reader.readAsDataURL(now);
    dialog.showModal(); words.focus();
  };
  const refuse = (sentence) => { wrong.textContent = sentence; wrong.hidden = false; words.focus(); };
  asked.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!words.value.trim()) { refuse("Tulis teks alternatif: apa yang terlihat pada gambar ini."); return; }
    const sent = new FormData();
    sent.set("csrfmiddlewaretoken", token()); sent.set("file", now); sent.set("alternative_text", words.value);
    try {
      const answer = await fetch(form.dataset.add, { method: "POST", body: sent, headers: { Accept: "application/json" }, redirect: "manual" });
      const told = await answer.json();
      if (!answer.ok) { refuse(told.error ?? "Berkas ini belum dapat diterima."); return; }
      dialog.close("unggah");
      document.editor.block(told.line, caret ?? undefined);
      caret = text.selectionEnd;
      next();
    } catch { refuse("Belum terunggah. Periksa sinyal, lalu tekan lagi."); }
  });
  dialog.addEventListener("close", () => { if (dialog.returnValue !== "unggah") { waiting.length = 0; caret = null; text.focus(); } dialog.returnValue = ""; });
  const other = async (file) => { // sound, film, documents: no text alternative to ask for
    const sent = new FormData();
    sent.set("csrfmiddlewaretoken", token()); sent.set("file", file);
    try {
      const answer = await fetch(form.dataset.add, { method: "POST", body: sent, headers: { Accept: "application/json" }, redirect: "manual" });
      const told = await answer.json();
      if (answer.ok) document.editor.block(told.line); else say(told.error ?? "Berkas ini belum dapat diterima.");
    } catch { say("Belum terunggah. Periksa sinyal, lalu coba lagi."); }
  };
  const sort = (files) => {
    const images = [...files].filter((file) => file.type.startsWith("image/"));
    for (const file of files) if (!file.type.startsWith("image/")) other(file);
    if (images.length) take(images);
  };
  $("[data-upload]").addEventListener("change", (event) => { $("#pustaka").close(); sort(event.target.files); event.target.value = ""; });
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  box.addEventListener("dragover", (event) => { if (hasFiles(event)) { event.preventDefault(); box.classList.add("is-over"); } });
  box.addEventListener("dragleave", () => box.classList.remove("is-over"));
  box.addEventListener("drop", (event) => {
    box.classList.remove("is-over");
    if (!hasFiles(event)) return;
    event.preventDefault();
    const at = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    if (at?.offsetNode === text) text.setSelectionRange(at.offset, at.offset);
    sort(event.dataTransfer.files);
  });
})();

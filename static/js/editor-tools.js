// The editor's buttons and shortcuts: marks around the selection, lines, blocks, the library, remarks, and the shape of the preview.
(() => {
  "use strict";
  if (!document.editor) return;
  const { text, replace, first, $, $$ } = document.editor;
  const writable = !text.readOnly;

  const around = (before, after) => {
    const { selectionStart: from, selectionEnd: to, value } = text, chosen = value.slice(from, to);
    if (after === before && value.slice(from - before.length, from) === before && value.slice(to, to + after.length) === after) {
      replace(from - before.length, to + after.length, chosen);
      text.setSelectionRange(from - before.length, to - before.length);
      return;
    }
    const address = before === "[" && /^(https?:\/\/|mailto:)\S+$/.test(chosen);
    replace(from, to, address ? `[](${chosen})` : before + chosen + after);
    if (address) text.setSelectionRange(from + 1, from + 1);
    else if (before === "[" && chosen) text.setSelectionRange(from + chosen.length + 3, from + chosen.length + 2 + after.length - 2);
    else text.setSelectionRange(from + before.length, from + before.length + chosen.length);
  };
  const lines = (sign) => {
    const { value } = text, from = value.lastIndexOf("\n", text.selectionStart - 1) + 1;
    const found = value.indexOf("\n", Math.max(text.selectionEnd - (text.selectionEnd > text.selectionStart && value[text.selectionEnd - 1] === "\n"), from));
    const to = found < 0 ? value.length : found, rows = value.slice(from, to).split("\n"), bare = /^(#{1,6} |- |\d+\. )/;
    const has = rows.every((row) => (sign === "1. " ? /^\d+\. /.test(row) : row.startsWith(sign)));
    const made = rows.map((row, index) => (has ? "" : sign === "1. " ? `${index + 1}. ` : sign) + row.replace(bare, ""));
    const gap = !has && sign.startsWith("#") && from > 0 && value.slice(0, from) !== "" && !value.slice(0, from).endsWith("\n\n") ? "\n" : "";
    replace(from, to, gap + made.join("\n"));
    const end = from + gap.length + made.join("\n").length;
    text.setSelectionRange(rows.length > 1 ? from + gap.length : end, end);
  };
  // A block stands alone: an empty line before and after.
  const block = (put, place) => {
    const at = place ?? text.selectionEnd, head = text.value.slice(0, at), tail = text.value.slice(at);
    const left = !head || head.endsWith("\n\n") ? "" : head.endsWith("\n") ? "\n" : "\n\n";
    const right = !tail ? "\n" : tail.startsWith("\n\n") ? "" : tail.startsWith("\n") ? "\n" : "\n\n";
    replace(at, at, left + put.trim() + right);
    const here = at + left.length + put.trim().length;
    text.focus(); text.setSelectionRange(here, here);
  };
  const remark = () => {
    const { selectionStart: from, selectionEnd: to, value } = text, box = $("[data-new-remark]"), form = $("form", box);
    form.elements.quote.value = value.slice(from, to).trim().slice(0, 400).replace(/\s+/g, " ");
    form.elements.before.value = value.slice(Math.max(0, from - 80), from).replace(/\s+/g, " ");
    form.elements.after.value = value.slice(to, to + 80).replace(/\s+/g, " ");
    box.dataset.anchor = value.slice(from, to).trim();
    box.hidden = false; box.open = true;
    document.editor.paint();
    requestAnimationFrame(() => { box.scrollIntoView({ block: "nearest" }); form.elements.body.focus({ preventScroll: true }); });
  };
  const fresh = $("[data-new-remark]");
  fresh.hidden = true;
  fresh.addEventListener("toggle", () => { if (!fresh.open) { fresh.hidden = true; fresh.dataset.anchor = ""; document.editor.paint(); } });
  const library = $("#pustaka"), picked = $("[data-picked]");
  const look = async (address) => {
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "manual" });
      picked.replaceChildren(document.createRange().createContextualFragment(await answer.text()));
    } catch { picked.textContent = "Pustaka belum dapat dibuka. Periksa sinyal, lalu coba lagi."; }
  };
  let place = null;
  const pictures = () => { place = text.selectionEnd; library.showModal(); look(text.form.dataset.pick); };
  library?.addEventListener("submit", (event) => {
    const form = event.target.closest("form[method=get]");
    if (!form) return;
    event.preventDefault();
    look(`${text.form.dataset.pick}?${new URLSearchParams(new FormData(form))}`);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, a");
    if (!button) return;
    if (button.dataset.md !== undefined) { const { md, after } = button.dataset; text.focus({ preventScroll: true }); md.startsWith("\n") ? lines(md.slice(1)) : around(md, after); }
    else if (button.dataset.block) { $("#sisip").hidePopover?.(); block(button.dataset.block); }
    else if (button.dataset.insert && library?.contains(button)) { library.close(); block(button.dataset.insert, place); }
    else if (button.dataset.pictures !== undefined) pictures();
    else if (button.dataset.remark !== undefined) remark();
    else if (library?.contains(button) && button.matches("[href]")) { event.preventDefault(); look(new URL(button.getAttribute("href"), new URL(text.form.dataset.pick, location.href)).href); }
  });
  document.editor.block = block;

  // --- shortcuts: listed behind the keyboard's button, and switched off there
  const store = "linimasa:pintasan", on = $("[data-keys-on]");
  try { if (on) on.checked = localStorage.getItem(store) !== "mati"; } catch { /* no store: they stay on */ }
  on?.addEventListener("change", () => { try { localStorage.setItem(store, on.checked ? "nyala" : "mati"); } catch { /* as above */ } });
  const other = {
    "Ctrl+S": () => document.editor.save?.(),
    "Ctrl+Alt+M": first,
    "Ctrl+Alt+P": () => { const side = $("#t-pratinjau"), to = side.checked ? $("#t-tulis") : side; to.checked = true; to.dispatchEvent(new Event("change", { bubbles: true })); },
  };
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.getModifierState("AltGraph") || (on && !on.checked) || $("dialog[open]")) return;
    const letter = /^(Key|Digit)/.test(event.code) ? event.code.replace(/^(Key|Digit)/, "") : event.key.toUpperCase();
    const plain = event.altKey || event.shiftKey ? letter : event.key.length === 1 ? event.key.toUpperCase() : letter;
    const keys = `Ctrl+${event.altKey ? "Alt+" : ""}${event.shiftKey ? "Shift+" : ""}${plain}`;
    const button = $(`[data-keys="${CSS.escape(keys)}"]`);
    if (!writable || (!button && !other[keys])) return;
    if (button?.dataset.md !== undefined && document.activeElement !== text) return;
    event.preventDefault();
    if (other[keys]) other[keys](); else if (button.popoverTargetElement) button.popoverTargetElement.togglePopover(); else button.click();
  });
  // Enter goes on with a list; on an empty item it ends it.
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || text.selectionStart !== text.selectionEnd) return;
    const at = text.selectionStart, from = text.value.lastIndexOf("\n", at - 1) + 1;
    const found = /^(\s*)([-*]|(\d+)\.) (\[[ x]\] )?/.exec(text.value.slice(from, at));
    if (!found || !writable) return;
    event.preventDefault();
    if (text.value.slice(from, at) === found[0]) replace(from, at, "");
    else replace(at, at, `\n${found[1]}${found[3] ? `${Number(found[3]) + 1}.` : found[2]} ${found[4] ? "[ ] " : ""}`);
  });

  // --- the shape of the preview
  const frame = $("[data-frame]");
  const shape = () => {
    const chosen = $("input[name=tampil]:checked"), root = frame.contentDocument?.documentElement;
    frame.title = `Pratinjau pelajaran, ${chosen.parentElement.textContent.trim()}`;
    if (!root) return;
    root.dataset.tampil = chosen.value;
    if (chosen.value === "gelap") root.dataset.theme = "dark";
    else if (chosen.value === "cetak") root.dataset.theme = "light";
    else delete root.dataset.theme;
  };
  frame.addEventListener("load", shape);
  shape();
  document.addEventListener("change", (event) => {
    if (event.target.name === "tampil") { $("[data-cap]:not(input)").textContent = event.target.dataset.cap; shape(); }
    if (event.target.id === "t-pratinjau") document.editor.look?.();
    if (event.target.id === "t-tulis") document.editor.paint();
  });
})();

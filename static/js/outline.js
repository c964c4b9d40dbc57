// The outline: parts move at once by buttons, and by dragging their grip, also into another module. Without this file each button
// submits its form. The server decides: what it refuses is said, and the page shows the order that is kept.
(() => {
  "use strict";
  const outline = document.querySelector("[data-outline]");
  if (!outline) return;
  const say = (text) => { document.querySelector("[data-live]").textContent = text; };
  const send = async (row, words) => {
    const form = row.querySelector("form[data-place]");
    const data = new FormData(form);
    for (const [name, value] of Object.entries(words)) data.set(name, value);
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      const { told } = await answer.json();
      say(told);
      if (!answer.ok) throw new Error(told);
      document.querySelectorAll(".item.is-moved").forEach((one) => one.classList.remove("is-moved"));
      row.classList.add("is-moved");
    } catch {
      say("Urutan belum tersimpan. Halaman dimuat ulang.");
      location.reload();
    }
  };
  const rows = (list) => [...list.querySelectorAll(":scope > .item:not(.item--none)")];
  const tidy = (list) => { list.querySelector(".item--none")?.toggleAttribute("hidden", rows(list).length > 0); };
  let queue = Promise.resolve();
  outline.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-place]")) return;
    event.preventDefault();
    event.stopPropagation();
    const row = event.target.closest(".item"), list = row.parentElement, up = event.submitter.value === "-1";
    const all = rows(list), other = all[all.indexOf(row) + (up ? -1 : 1)];
    if (!other) { say(`${row.dataset.name} sudah paling ${up ? "atas" : "bawah"}.`); return; }
    if (up) other.before(row); else other.after(row);
    event.submitter.focus();
    queue = queue.then(() => send(row, { step: up ? "-1" : "1" }));
  }, true);
  // dragging
  let row = null, from = null, after = null;
  const over = (x, y) => document.elementFromPoint(x, y)?.closest("[data-outline] .item, [data-outline] .items, [data-outline] .part");
  const stop = (keep) => {
    if (!row) return;
    row.classList.remove("is-dragging");
    document.querySelectorAll(".items.is-target").forEach((one) => one.classList.remove("is-target"));
    const list = row.parentElement, moved = list !== from || row.nextElementSibling !== after;
    if (!keep) { from.insertBefore(row, after); } else if (moved) {
      const one = row;
      tidy(from); tidy(list);
      queue = queue.then(() => send(one, { target: list.dataset.target, position: rows(list).indexOf(one) + 1 }));
    }
    row = null;
  };
  outline.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    row = grip.closest(".item"); from = row.parentElement; after = row.nextElementSibling;
    row.classList.add("is-dragging");
    grip.setPointerCapture(event.pointerId);
  });
  outline.addEventListener("pointermove", (event) => {
    if (!row) return;
    const found = over(event.clientX, event.clientY);
    if (!found || found === row) return;
    if (found.matches(".item") && found.parentElement.matches("[data-target]")) {
      const box = found.getBoundingClientRect();
      found.parentElement.insertBefore(row, event.clientY < box.top + box.height / 2 ? found : found.nextElementSibling);
    } else {
      const list = found.matches(".items") ? found : found.querySelector(".items[data-target]");
      if (list && list !== row.parentElement) { list.closest("details").open = true; list.append(row); }
    }
    for (const list of outline.querySelectorAll(".items")) list.classList.toggle("is-target", list === row.parentElement && list !== from);
  });
  outline.addEventListener("pointerup", () => stop(true));
  outline.addEventListener("pointercancel", () => stop(false));
  addEventListener("keydown", (event) => { if (event.key === "Escape") stop(false); });
})();

// Answers are saved as they are given. What is not yet on the server waits in this device's outbox under the same key and sequence
// and is sent again when the page opens, when the signal is back, and in between. The chip says only what is true.
// Each entry says whose it is, which answer its page had seen (base) and for which pages it goes on (from): the server never lets a
// page that is out of date overwrite. <form data-quiz data-attempt data-number data-total>; <template data-owner>;
// <template data-chip="saved|saving|wait|refused"> draw the chip.
(() => {
  "use strict";
  const OUTBOX = "linimasa:outbox", SEQUENCES = "linimasa:sequences", NEWS = "linimasa:news", WEEK = 7 * 24 * 3600 * 1000;
  const OWNER = document.querySelector("[data-owner]")?.dataset.owner ?? "", OWN = ["csrfmiddlewaretoken", "kunci", "urutan", "dasar"];
  const form = () => document.querySelector("form[data-quiz]");
  const here = () => (form() ?? document.querySelector("[data-attempt]"))?.dataset.attempt;
  const read = (name, none) => { try { return JSON.parse(localStorage.getItem(name)) ?? none; } catch { return none; } };
  const write = (name, value) => { try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* a full or closed store: this page remembers */ } };
  const place = (entry) => `${entry.attempt}/${entry.number}`;
  const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
  const PAGE = random().slice(0, 8);

  // -- the outbox: shared by all tabs, so it is read before each change; what another person left is neither sent nor shown -----
  let memory = [];
  const stored = () => read(OUTBOX, []).filter((one) => Date.now() - one.at < WEEK);
  const waiting = () => {
    const known = stored();
    return [...known, ...memory.filter((one) => !known.some((other) => other.key === one.key))].filter((one) => OWNER && (!one.owner || one.owner === OWNER));
  };
  const change = (gone, more = []) => {
    memory = [...memory.filter((one) => !gone(one)), ...more];
    write(OUTBOX, [...stored().filter((one) => !gone(one)), ...more]);
  };
  const drop = (entry) => change((one) => one.key === entry.key);

  // -- the chip ---------------------------------------------------------------------------------
  const chip = (state, sentence = "") => {
    const drawn = document.querySelector(`template[data-chip="${state}"]`);
    for (const one of document.querySelectorAll("[data-sync]")) {
      one.classList.toggle("sync--wait", state === "wait" || state === "refused");
      if (drawn) one.replaceChildren(drawn.content.cloneNode(true));
    }
    for (const one of document.querySelectorAll("[data-refused]")) { one.hidden = !sentence; one.lastElementChild.textContent = sentence; }
  };
  const noSignal = (is) => { for (const one of document.querySelectorAll("[data-no-signal]")) one.hidden = !is; };
  const mark = (number, name, is) => document.querySelectorAll("[data-dots] a")[number - 1]?.classList.toggle(name, is);

  // -- what was given ---------------------------------------------------------------------------
  const fieldsOf = (one) => [...new FormData(one)].filter(([name, value]) => typeof value === "string" && !OWN.includes(name));
  const isBlank = (fields) => !fields.some(([name, value]) => name !== "tandai" && value.trim());
  const roots = new Map(), newest = new Map(); // by place: what this page has seen and goes on for; its own highest sequence
  const rootOf = (one) => roots.get(place(one.dataset)) ?? { base: Number(one.elements.dasar.value), from: [PAGE] };
  const nextSequence = (one) => {
    const name = place(one.dataset), known = read(SEQUENCES, {});
    const next = Math.max(Number(one.elements.urutan.value) || 1, (known[name] || 0) + 1);
    write(SEQUENCES, Object.fromEntries([...Object.entries(known).slice(-200), [name, next]]));
    one.elements.urutan.value = next + 1;
    newest.set(name, next);
    return next;
  };
  const put = (one) => {
    const { attempt, number } = one.dataset, root = rootOf(one);
    const entry = { ...root, owner: OWNER, key: `${PAGE}-${random()}`, sequence: nextSequence(one), attempt, number: Number(number), url: one.getAttribute("action"), fields: fieldsOf(one), at: Date.now() };
    change((other) => place(other) === place(entry) && (!other.from || root.from.includes(other.from[0])), [entry]);
    mark(entry.number, "is-answered", !isBlank(entry.fields));
    mark(entry.number, "is-flagged", entry.fields.some(([name]) => name === "tandai"));
    return entry;
  };
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const body = (entry) => {
    const sent = new URLSearchParams(entry.fields);
    sent.set("kunci", entry.key);
    sent.set("urutan", entry.sequence);
    sent.set("saat", new Date(entry.at).toISOString());
    if (entry.from) { sent.set("dasar", entry.base); sent.set("asal", entry.from.join()); }
    sent.set("csrfmiddlewaretoken", token());
    return sent;
  };
  const post = async (url, sent, headers) => {
    const stop = new AbortController(), clock = setTimeout(() => stop.abort(), 12000);
    try { return await fetch(url, { method: "POST", body: sent, headers, signal: stop.signal, keepalive: true, redirect: "manual" }); }
    finally { clearTimeout(clock); }
  };

  // -- news for the history: signal lost and back, warnings shown ------------------------------------
  let away = false;
  const news = (kind) => { if (here()) write(NEWS, [...read(NEWS, []).slice(-18), { owner: OWNER, attempt: here(), line: kind.replace(".", `.${Date.now()}.`) }]); };
  const lostNow = () => { if (!away) news("offline."); away = true; };
  const backNow = () => { if (away) news("online."); away = false; return tellNews(); };
  const tellNews = async () => {
    const all = read(NEWS, []), attempt = all.find((one) => one.owner === OWNER)?.attempt, isOurs = (one) => one.owner === OWNER && one.attempt === attempt;
    if (!attempt || !OWNER) return;
    const sent = new URLSearchParams([["csrfmiddlewaretoken", token()], ...all.filter(isOurs).map((one) => ["kabar", one.line.replace(/\.$/, "")])]);
    write(NEWS, all.filter((one) => !isOurs(one)));
    try { await post(`/kuis/${attempt}/kabar/`, sent, {}); } catch { write(NEWS, [...all.filter(isOurs), ...read(NEWS, [])]); }
  };
  document.addEventListener("linimasa:warned", (event) => { news(`warned.${event.detail}`); if (!away) tellNews(); });

  // -- sending ----------------------------------------------------------------------------------
  let busy = false, later = 0, pause = 2000, onward = "";
  const again = () => { clearTimeout(later); later = setTimeout(flush, pause); pause = Math.min(pause * 2, 30000); };
  const lost = (is = "wait", sentence) => {
    chip(is, sentence);
    noSignal(is === "wait");
    if (is === "wait") lostNow();
    for (const entry of waiting()) if (entry.attempt === form()?.dataset.attempt) mark(entry.number, "is-wait", true);
    again();
  };
  const isSelf = (entry) => place(entry) === place(form()?.dataset ?? {});
  const outOfDate = (entry, html) => { // the newer answer, and what this page had given, for copying
    if (isSelf(entry)) { show(html, ""); return; }
    const kept = new DOMParser().parseFromString(html, "text/html").querySelector("[data-kept]");
    const old = document.querySelector("main [data-kept]");
    if (kept && old) old.replaceWith(document.adoptNode(kept)); else if (kept) document.querySelector("main").prepend(document.adoptNode(kept));
  };
  const flush = async () => {
    if (busy) return;
    busy = true;
    clearTimeout(later);
    let refused = "", sent = 0;
    try {
      const strange = new Set();
      for (let entry; (entry = waiting().find((one) => !strange.has(one.key)));) {
        chip("saving");
        sent += 1;
        let answer;
        try { answer = await post(entry.url, body(entry), { Accept: "application/json" }); } catch { lost(); return; }
        if (answer.status >= 500 || answer.status === 429) { lost(); return; }
        if (answer.type === "opaqueredirect" || answer.status === 403) { lost("refused", "Belum tersimpan. Muat ulang halaman untuk masuk lagi; jawaban ini menunggu di perangkat."); return; }
        if (answer.status === 404) { strange.add(entry.key); refused = "Percobaan ini tidak ditemukan."; continue; } // it waits for its own person
        const told = await answer.json().catch(() => ({}));
        drop(entry);
        mark(entry.number, "is-wait", false);
        if (told.saved && newest.has(place(entry))) roots.set(place(entry), { base: told.sequence, from: [PAGE] });
        if (!told.saved && !(told.open && newest.get(place(entry)) > entry.sequence)) {
          refused = told.html ? " " : told.sentence || "Muat ulang halaman.";
          if (told.html) outOfDate(entry, told.html);
        }
        if (told.open === false && entry.attempt === here()) { await backNow(); location.reload(); return; }
      }
      pause = 2000;
      noSignal(false);
      if (refused) chip("refused", refused.trim()); else if (sent) chip("saved");
      document.dispatchEvent(new CustomEvent("linimasa:saved"));
      backNow();
      if (onward) { const to = onward; onward = ""; location.assign(to); }
    } finally { busy = false; }
  };

  // -- while answering --------------------------------------------------------------------------
  let soon = 0, swapping = false;
  const changed = (wait) => (event) => {
    const one = event.target.closest?.("form[data-quiz]");
    if (!one || swapping || event.target.readOnly) return;
    put(one);
    chip(away ? "wait" : "saving");
    clearTimeout(soon);
    soon = setTimeout(flush, wait);
  };
  document.addEventListener("change", changed(150));
  document.addEventListener("input", (event) => { if (event.target.matches?.("textarea, input:not([type=radio], [type=checkbox], [type=hidden])")) changed(700)(event); });

  // -- going on ---------------------------------------------------------------------------------
  const show = (html, address) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("form[data-quiz]");
    if (!fresh) return false;
    clearTimeout(soon);
    swapping = true; // a field that goes tells of a change once more
    form().replaceWith(document.adoptNode(fresh));
    swapping = false;
    roots.delete(place(fresh.dataset));
    const { number, total } = fresh.dataset;
    if (address) {
      history.pushState({}, "", address);
      const text = `Soal ${number} dari ${total}`;
      document.title = document.title.replace(/^(Galat: )?Soal \d+ dari \d+/, text);
      for (const one of document.querySelectorAll("[data-where]")) one.textContent = text;
      for (const one of document.querySelectorAll("[data-passed]")) { one.value = number - 1; one.textContent = `${number - 1} dari ${total}`; }
      document.querySelectorAll("[data-dots] a").forEach((one, index) => {
        if (index + 1 === Number(number)) one.setAttribute("aria-current", "step"); else one.removeAttribute("aria-current");
      });
      scrollTo(0, 0);
      (fresh.querySelector("[data-focus]") ?? document.getElementById("isi")).focus({ preventScroll: true });
    } else fresh.querySelector("[data-focus], [data-kept]")?.focus();
    restore();
    document.dispatchEvent(new CustomEvent("linimasa:question"));
    return true;
  };
  document.addEventListener("submit", async (event) => {
    const one = event.target.closest("form[data-quiz]");
    if (!one || event.defaultPrevented) return;
    event.preventDefault();
    clearTimeout(soon);
    const entry = put(one), sent = body(entry), next = Number(one.dataset.number) + 1, button = event.submitter;
    if (button?.name) sent.set(button.name, button.value);
    const wait = () => {
      onward = next > Number(one.dataset.total) ? one.action.replace(/\d+\/$/, "tinjau/") : one.action.replace(/\d+\/$/, `${next}/`);
      lost();
    };
    chip("saving");
    button?.classList.add("is-busy");
    busy = true; // the answer goes with this request; what else waits goes after it
    let answer;
    try { answer = await post(entry.url, sent, { "X-Requested-With": "fragment", Accept: "text/html" }); } catch { wait(); return; } finally { busy = false; button?.classList.remove("is-busy"); }
    const address = answer.headers.get("X-Address"), html = answer.status === 204 ? "" : await answer.text();
    if (answer.status >= 500) { wait(); return; }
    if ([200, 204, 409, 422].includes(answer.status)) drop(entry);
    if (answer.status === 204 && address) { location.assign(address); return; }
    if (answer.status === 200 && address && show(html, address)) { chip("saved"); flush(); return; }
    if (answer.status === 409 && show(html, "")) { chip("refused"); return; }
    if (answer.status === 422) { mark(entry.number, "is-answered", false); show(html, ""); document.title = document.title.replace(/^(Galat: )?/, "Galat: "); chip("refused"); return; }
    location.reload(); // signed out, or ended: the server says which, and the answer waits here
  });
  addEventListener("popstate", () => location.reload());

  // -- on opening a page ------------------------------------------------------------------------
  const restore = () => document.querySelectorAll("form[data-quiz]").forEach((one) => {
    const entry = waiting().filter((other) => place(other) === place(one.dataset)).at(-1);
    if (!entry) return;
    if (entry.from) roots.set(place(entry), { base: entry.base, from: [PAGE, ...entry.from].slice(0, 8) });
    const given = new Map();
    for (const [name, value] of entry.fields) given.set(name, [...(given.get(name) ?? []), value]);
    for (const field of one.elements) {
      const values = given.get(field.name) ?? [];
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (field.name && !OWN.includes(field.name) && !["hidden", "submit", "button"].includes(field.type)) field.value = values[0] ?? "";
    }
    const list = one.querySelector("[data-order]");
    for (const value of list ? given.get("urut") ?? [] : []) list.append(list.querySelector(`input[name=urut][value="${CSS.escape(value)}"]`)?.closest("li") ?? "");
  });
  restore();
  if (form() && !document.referrer.includes("/mulai/")) news(`opened.${form().dataset.number}`); // after the start the first goes without saying
  if (waiting().length) {
    for (const one of document.querySelectorAll("[data-review]")) {
      if (!waiting().some((entry) => entry.attempt === one.dataset.attempt)) continue;
      for (const banner of one.querySelectorAll("[data-waiting]")) banner.hidden = false;
      document.addEventListener("linimasa:saved", () => { if (!document.querySelector("main [data-kept]")) location.reload(); }, { once: true });
    }
    flush();
  } else tellNews();
  addEventListener("online", () => { pause = 2000; if (waiting().length) flush(); else { noSignal(false); backNow(); if (form()) chip("saved"); } });
  addEventListener("offline", () => { chip("wait"); noSignal(true); lostNow(); });
})();

// Answers are saved as they are given. What is not yet on the server waits in this device's outbox under the same key and sequence
// and is sent again when the page opens, when the signal is back, and in between. The chip says only what is true.
// <form data-quiz data-attempt data-number data-total>; <template data-chip="saved|saving|wait|refused"> draw the chip.
(() => {
  "use strict";
  const OUTBOX = "linimasa:outbox", SEQUENCES = "linimasa:sequences", WEEK = 7 * 24 * 3600 * 1000;
  const form = () => document.querySelector("form[data-quiz]");
  const read = (name, none) => { try { return JSON.parse(localStorage.getItem(name)) ?? none; } catch { return none; } };
  const write = (name, value) => { try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* a full or closed store: the server has what it has */ } };
  const place = (entry) => `${entry.attempt}/${entry.number}`;
  let memory = read(OUTBOX, []).filter((one) => Date.now() - one.at < WEEK);
  const waiting = () => memory;
  const keep = (entries) => { memory = entries; write(OUTBOX, entries); };
  const newKey = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

  // -- the chip ---------------------------------------------------------------------------------
  const chip = (state, sentence) => {
    const drawn = document.querySelector(`template[data-chip="${state}"]`);
    for (const one of document.querySelectorAll("[data-sync]")) {
      one.classList.toggle("sync--wait", state === "wait" || state === "refused");
      if (sentence) one.textContent = sentence;
      else if (drawn) one.replaceChildren(drawn.content.cloneNode(true));
    }
  };
  const noSignal = (is) => { for (const one of document.querySelectorAll("[data-no-signal]")) one.hidden = !is; };
  const mark = (number, name, is) => document.querySelectorAll("[data-dots] a")[number - 1]?.classList.toggle(name, is);

  // -- what was given ---------------------------------------------------------------------------
  const fieldsOf = (one) => [...new FormData(one)].filter(([name, value]) => typeof value === "string" && !["csrfmiddlewaretoken", "kunci", "urutan"].includes(name));
  const isBlank = (fields) => !fields.some(([name, value]) => name !== "tandai" && value.trim());
  const nextSequence = (one) => {
    const name = `${one.dataset.attempt}/${one.dataset.number}`, known = read(SEQUENCES, {});
    const next = Math.max(Number(one.elements.urutan.value) || 1, (known[name] || 0) + 1);
    write(SEQUENCES, Object.fromEntries([...Object.entries(known).slice(-200), [name, next]]));
    one.elements.urutan.value = next + 1;
    return next;
  };
  const put = (one) => {
    const entry = { key: newKey(), sequence: nextSequence(one), attempt: one.dataset.attempt, number: Number(one.dataset.number), url: one.getAttribute("action"), fields: fieldsOf(one), at: Date.now() };
    keep([...waiting().filter((other) => place(other) !== place(entry)), entry]);
    mark(entry.number, "is-answered", !isBlank(entry.fields));
    mark(entry.number, "is-flagged", entry.fields.some(([name]) => name === "tandai"));
    return entry;
  };
  const body = (entry) => {
    const sent = new URLSearchParams(entry.fields);
    sent.set("kunci", entry.key);
    sent.set("urutan", entry.sequence);
    sent.set("saat", new Date(entry.at).toISOString());
    sent.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
    return sent;
  };
  const post = async (url, sent, headers) => {
    const stop = new AbortController(), clock = setTimeout(() => stop.abort(), 12000);
    try { return await fetch(url, { method: "POST", body: sent, headers, signal: stop.signal, keepalive: true, redirect: "manual" }); }
    finally { clearTimeout(clock); }
  };

  // -- sending ----------------------------------------------------------------------------------
  let busy = false, later = 0, pause = 2000, onward = "";
  const lost = () => {
    chip("wait");
    noSignal(true);
    for (const entry of waiting()) if (entry.attempt === form()?.dataset.attempt) mark(entry.number, "is-wait", true);
    clearTimeout(later);
    later = setTimeout(flush, pause);
    pause = Math.min(pause * 2, 30000);
  };
  const flush = async () => {
    if (busy) return;
    busy = true;
    clearTimeout(later);
    let refused = "";
    try {
      const strange = new Set();
      for (let entry; (entry = waiting().find((one) => !strange.has(one.key)));) {
        chip("saving");
        let answer;
        try { answer = await post(entry.url, body(entry), { Accept: "application/json" }); } catch { lost(); return; }
        if (answer.status >= 500 || answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 429) { lost(); return; }
        if (answer.status === 404) { strange.add(entry.key); continue; } // someone else's device outbox, or an attempt that is gone
        const told = await answer.json().catch(() => ({}));
        const newer = waiting().find((one) => place(one) === place(entry) && one.sequence > entry.sequence);
        keep(waiting().filter((one) => one.key !== entry.key));
        mark(entry.number, "is-wait", false);
        if (!told.saved && !newer && !(told.open && (read(SEQUENCES, {})[place(entry)] || 0) > entry.sequence)) refused = told.sentence || "Belum tersimpan";
        if (told.open === false && entry.attempt === form()?.dataset.attempt) { location.reload(); return; }
      }
      pause = 2000;
      noSignal(false);
      if (refused) chip("refused", `Belum tersimpan. ${refused}`); else chip("saved");
      document.dispatchEvent(new CustomEvent("linimasa:saved"));
      if (onward) { const to = onward; onward = ""; location.assign(to); }
    } finally { busy = false; }
    if (waiting().length && !later) later = setTimeout(flush, 500);
  };

  // -- while answering --------------------------------------------------------------------------
  let soon = 0;
  const changed = (wait) => (event) => {
    const one = event.target.closest?.("form[data-quiz]");
    if (!one) return;
    put(one);
    chip("saving");
    clearTimeout(soon);
    soon = setTimeout(flush, wait);
  };
  document.addEventListener("change", changed(150));
  document.addEventListener("input", (event) => { if (event.target.matches?.("input[type=text]")) changed(900)(event); });

  // -- going on ---------------------------------------------------------------------------------
  const show = (html, address) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("form[data-quiz]");
    if (!fresh) return false;
    form().replaceWith(document.adoptNode(fresh));
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
    } else fresh.querySelector("[data-focus]")?.focus();
    restore();
    document.dispatchEvent(new CustomEvent("linimasa:question"));
    return true;
  };
  document.addEventListener("submit", async (event) => {
    const one = event.target.closest("form[data-quiz]");
    if (!one || event.defaultPrevented) return;
    event.preventDefault();
    clearTimeout(soon);
    const entry = put(one), sent = body(entry), next = Number(one.dataset.number) + 1;
    if (event.submitter?.name) sent.set(event.submitter.name, event.submitter.value);
    keep(waiting().filter((other) => other.key !== entry.key));
    const wait = () => {
      keep([...waiting().filter((other) => place(other) !== place(entry)), entry]);
      onward = next > Number(one.dataset.total) ? one.action.replace(/\d+\/$/, "tinjau/") : one.action.replace(/\d+\/$/, `${next}/`);
      lost();
    };
    chip("saving");
    event.submitter?.classList.add("is-busy");
    let answer;
    try { answer = await post(entry.url, sent, { "X-Requested-With": "fragment", Accept: "text/html" }); } catch { event.submitter?.classList.remove("is-busy"); wait(); return; }
    event.submitter?.classList.remove("is-busy");
    const address = answer.headers.get("X-Address");
    if (answer.status === 204 && address) { location.assign(address); return; }
    if (answer.status === 200 && address && show(await answer.text(), address)) { chip("saved"); flush(); return; }
    if (answer.status === 422) { mark(entry.number, "is-answered", false); show(await answer.text(), ""); document.title = document.title.replace(/^(Galat: )?/, "Galat: "); chip("refused", "Belum tersimpan"); return; }
    if (answer.status >= 500) { wait(); return; }
    keep([...waiting(), entry]);
    location.reload(); // signed out, or ended: the server says which, and the answer waits here
  });
  addEventListener("popstate", () => location.reload());

  // -- on opening a page ------------------------------------------------------------------------
  const restore = () => {
    const one = form();
    const entry = one && waiting().find((other) => other.attempt === one.dataset.attempt && other.number === Number(one.dataset.number));
    if (!entry) return;
    const given = new Map();
    for (const [name, value] of entry.fields) given.set(name, [...(given.get(name) ?? []), value]);
    for (const field of one.elements) {
      const values = given.get(field.name) ?? [];
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (["text", "select-one"].includes(field.type) && field.name) field.value = values[0] ?? "";
    }
    const list = one.querySelector("[data-order]");
    for (const value of list ? given.get("urut") ?? [] : []) list.append(list.querySelector(`input[name=urut][value="${CSS.escape(value)}"]`)?.closest("li") ?? "");
  };
  restore();
  if (waiting().length) {
    for (const one of document.querySelectorAll("[data-review]")) {
      if (!waiting().some((entry) => entry.attempt === one.dataset.attempt)) continue;
      for (const banner of one.querySelectorAll("[data-waiting]")) banner.hidden = false;
      document.addEventListener("linimasa:saved", () => location.reload(), { once: true });
    }
    flush();
  }
  addEventListener("online", () => { pause = 2000; if (waiting().length) flush(); });
  addEventListener("offline", () => { chip("wait"); noSignal(true); });
})();

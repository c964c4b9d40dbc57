/* One module in another system: finds its run-time (SCORM 1.2 or 2004), tells it what was read and scored, and goes on where one left. */
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var LONGEST = 3900; // signs of suspend_data that SCORM 1.2 keeps are 4096
  var begun = Date.now();

  // --- the other system ---------------------------------------------------------------------------------------------
  function search(win, name) {
    for (var depth = 0; win && depth < 12; depth += 1) {
      try {
        if (win[name]) return win[name];
      } catch (error) {
        return null; // another origin
      }
      if (win === win.parent) return null;
      win = win.parent;
    }
    return null;
  }

  function find(name) {
    var found = search(window, name);
    try {
      return found || (window.top.opener && search(window.top.opener, name)) || (window.opener && search(window.opener, name)) || null;
    } catch (error) {
      return found;
    }
  }

  var newer = find("API_1484_11"), older = newer ? null : find("API");
  var remote = newer || older, open = false;
  var WORDS = newer ? ["Initialize", "Terminate", "GetValue", "SetValue", "Commit"]
    : ["LMSInitialize", "LMSFinish", "LMSGetValue", "LMSSetValue", "LMSCommit"];
  var PLACE = newer ? "cmi.location" : "cmi.core.lesson_location";

  function ask(word, first, second) {
    var name = WORDS[word];
    return second === undefined ? remote[name](first) : remote[name](first, second);
  }
  function start() { open = !!remote && String(ask(0, "")) === "true"; }
  function get(name) { return open ? String(ask(2, name)) : ""; }
  function set(name, value) { if (open) ask(3, name, String(value)); }

  // --- what is kept -------------------------------------------------------------------------------------------------
  var state = { r: [], s: {}, q: {} }; // read units, best score by quiz, running quizzes: drawn questions and answers
  var now = 0;

  function resume() {
    try {
      var kept = JSON.parse(get("cmi.suspend_data") || "{}");
      if (kept.v === data.version) state = { r: kept.r || [], s: kept.s || {}, q: kept.q || {} };
    } catch (error) { /* kept by something else: begin anew */ }
    var place = parseInt(get(PLACE), 10);
    now = place >= 0 && place < data.units.length ? place : 0;
    var named = data.units.map(function (one) { return "#" + one.id; }).indexOf(location.hash);
    if (named >= 0) now = named;
  }

  function isDone(unit, place) {
    return unit.kind === "quiz" && unit.played ? state.s[unit.id] !== undefined : state.r.indexOf(place) >= 0;
  }
  function played() { return data.units.filter(function (unit) { return unit.kind === "quiz" && unit.played; }); }

  function score() {
    var quizzes = played().filter(function (unit) { return state.s[unit.id] !== undefined; });
    if (!quizzes.length) return null;
    return quizzes.reduce(function (sum, unit) { return sum + state.s[unit.id]; }, 0) / quizzes.length;
  }
  function passed() {
    var marked = played().filter(function (unit) { return unit.pass !== null; });
    if (!marked.length || marked.some(function (unit) { return state.s[unit.id] === undefined; })) return null;
    return marked.every(function (unit) { return state.s[unit.id] + 1e-9 >= unit.pass; });
  }
  function complete() { return data.units.every(function (unit, place) { return !unit.required || isDone(unit, place); }); }

  function kept() {
    var all = JSON.stringify({ v: data.version, r: state.r, s: state.s, q: state.q });
    return all.length <= LONGEST ? all : JSON.stringify({ v: data.version, r: state.r, s: state.s });
  }

  function tell() {
    var done = complete(), good = passed(), raw = score();
    var read = data.units.filter(isDone).length;
    document.getElementById("keadaan").textContent = (done ? "Selesai" : read + " dari " + data.units.length + " bagian selesai") +
      (raw === null ? "" : ", nilai " + Math.round(raw * 100)) + (open ? "" : ". Kemajuan tidak dikirim: paket ini dibuka di luar LMS");
    data.units.forEach(function (unit, place) {
      var link = document.querySelector("a[data-unit='" + place + "']");
      link.querySelector("[data-mark]").textContent = isDone(unit, place) ? "Selesai" : "";
      if (place === now) link.setAttribute("aria-current", "step"); else link.removeAttribute("aria-current");
    });
    if (!open) return;
    set(PLACE, now);
    set("cmi.suspend_data", kept());
    var points = raw === null ? null : Math.round(raw * 10000) / 100;
    var prefix = newer ? "cmi.score." : "cmi.core.score.";
    if (points !== null) {
      set(prefix + "raw", points); set(prefix + "min", 0); set(prefix + "max", 100);
      if (newer) set(prefix + "scaled", Math.round(raw * 10000) / 10000);
    }
    if (newer) {
      set("cmi.completion_status", done ? "completed" : "incomplete");
      set("cmi.progress_measure", Math.round(read / data.units.length * 100) / 100);
      if (good !== null) set("cmi.success_status", good ? "passed" : "failed");
    } else {
      set("cmi.core.lesson_status", !done ? "incomplete" : good === null ? "completed" : good ? "passed" : "failed");
    }
    ask(4, "");
  }

  function two(number) { return (number < 10 ? "0" : "") + number; }
  function leave() {
    if (!open) return;
    var seconds = Math.round((Date.now() - begun) / 1000), hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
    tell();
    if (newer) set("cmi.session_time", "PT" + hours + "H" + minutes + "M" + seconds % 60 + "S");
    else set("cmi.core.session_time", ("000" + hours).slice(-4) + ":" + two(minutes) + ":" + two(seconds % 60));
    set(newer ? "cmi.exit" : "cmi.core.exit", complete() ? (newer ? "normal" : "") : "suspend");
    ask(4, "");
    ask(1, "");
    open = false;
  }

  // --- the pages ----------------------------------------------------------------------------------------------------
  function section(place) { return document.querySelector("section[data-unit='" + place + "']"); }
  function show(place, quiet) {
    now = place;
    data.units.forEach(function (unit, at) { section(at).classList.toggle("is-now", at === place); });
    if (!quiet) {
      section(place).querySelector("h1").focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    tell();
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#']"), next = event.target.closest("[data-next]");
    if (next) {
      var place = Number(next.getAttribute("data-next"));
      if (state.r.indexOf(place) < 0) state.r.push(place);
      show(Math.min(place + 1, data.units.length - 1));
    } else if (link) {
      var at = data.units.map(function (one) { return "#" + one.id; }).indexOf(link.getAttribute("href"));
      if (at >= 0) { event.preventDefault(); show(at); }
    }
  });

  // --- quizzes ------------------------------------------------------------------------------------------------------
  function element(tag, facts, inside) {
    var made = document.createElement(tag);
    Object.keys(facts || {}).forEach(function (name) {
      if (name === "text") made.textContent = facts.text;
      else if (facts[name] !== false) made.setAttribute(name, facts[name] === true ? "" : facts[name]);
    });
    (inside || []).forEach(function (one) { if (one) made.appendChild(one); });
    return made;
  }
  function mixed(list) {
    var made = list.slice();
    for (var at = made.length - 1; at > 0; at -= 1) {
      var other = Math.floor(Math.random() * (at + 1)), held = made[at];
      made[at] = made[other]; made[other] = held;
    }
    return made;
  }
  function places(count) { var made = []; for (var at = 0; at < count; at += 1) made.push(at); return made; }
  function lines(text) { return text.split(/\n\s*\n/).map(function (one) { return element("p", { text: one.trim() }); }); }

  function draw(quiz) {
    var taken = [];
    quiz.layers.forEach(function (layer) {
      mixed(layer.from).filter(function (one) { return taken.indexOf(one) < 0; }).slice(0, layer.count).forEach(function (one) { taken.push(one); });
    });
    return quiz.shuffle ? mixed(taken) : taken;
  }

  function order(question) {
    if (question.play === "choices") return question.fixed ? places(question.choices.length) : mixed(places(question.choices.length));
    if (question.play === "matching") return mixed(places(question.pairs.length));
    if (question.play !== "ordering") return [];
    var key = places(question.order.length), made = key;
    while (made.join() === key.join()) made = mixed(key);
    return made;
  }

  function field(name, question, own, mine) {
    if (question.play === "choices") {
      return own.map(function (stored) {
        var input = element("input", { type: question.several ? "checkbox" : "radio", name: name, value: stored });
        input.checked = (mine || []).indexOf(stored) >= 0;
        return element("label", { "class": "choice" }, [input, element("span", { text: question.choices[stored] })]);
      });
    }
    if (question.play === "text" || question.play === "numeric") {
      var text = element("input", { type: "text", name: name, autocomplete: "off", "aria-label": "Jawaban" });
      text.value = mine || "";
      return [text];
    }
    if (question.play === "matching") {
      return question.pairs.map(function (pair, row) {
        return element("label", { "class": "row" }, [element("span", { text: pair.left }),
          select(name + "-" + row, own.map(function (stored) { return [stored, question.pairs[stored].right]; }), mine && mine[row])]);
      });
    }
    if (question.play === "ordering") return [ordered(name, question, mine || own)];
    return [element("p", {}, question.pieces.map(function (piece) {
      if (piece.text !== undefined) return document.createTextNode(piece.text);
      var gap = question.gaps[piece.gap], given = mine ? mine[piece.gap] : null, label = "Isian " + (piece.gap + 1);
      if (gap.ask === "choice") return select(name + "-" + piece.gap, gap.choices.map(function (one, at) { return [at, one]; }), given, label);
      var input = element("input", { type: "text", name: name + "-" + piece.gap, autocomplete: "off", "aria-label": label });
      input.value = given || "";
      return input;
    }))];
  }

  function select(name, options, mine, label) {
    var made = element("select", { name: name, "aria-label": label || false }, [element("option", { value: "", text: "Pilih" })].concat(
      options.map(function (one) { return element("option", { value: one[0], text: one[1] }); })));
    if (mine !== null && mine !== undefined) made.value = String(mine);
    return made;
  }

  function ordered(name, question, mine) {
    var list = element("ol", { "class": "steps", "data-order": name });
    mine.forEach(function (stored) {
      var move = function (word, step) { return element("button", { type: "button", "data-step": step, text: word, "aria-label": word + ": " + question.order[stored] }); };
      list.appendChild(element("li", { "data-stored": stored }, [element("span", { text: question.order[stored] }), move("Naik", -1), move("Turun", 1)]));
    });
    list.addEventListener("click", function (event) {
      var button = event.target.closest("button"), row = button && button.parentNode;
      if (!button) return;
      if (button.getAttribute("data-step") === "-1" && row.previousSibling) list.insertBefore(row, row.previousSibling);
      if (button.getAttribute("data-step") === "1" && row.nextSibling) list.insertBefore(row.nextSibling, row);
      list.setAttribute("data-touched", "");
      button.focus();
      list.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return list;
  }

  function number(value) { return value === "" ? null : Number(value); }
  function given(form, name, question) {
    var each = function (list) {
      return list.map(function (one, at) {
        var input = form.elements[name + "-" + at];
        return one === "number" ? number(input.value) : input.value.trim() || null;
      });
    };
    if (question.play === "choices") {
      var chosen = [].slice.call(form.querySelectorAll("input[name='" + name + "']:checked")).map(function (one) { return Number(one.value); });
      return chosen.length ? chosen.sort(function (a, b) { return a - b; }) : null;
    }
    if (question.play === "ordering") {
      var list = form.querySelector("[data-order='" + name + "']");
      if (!list.hasAttribute("data-touched")) return null;
      return [].slice.call(list.children).map(function (one) { return Number(one.getAttribute("data-stored")); });
    }
    if (question.play === "text" || question.play === "numeric") return form.elements[name].value.trim() || null;
    var all = each(question.play === "matching" ? question.pairs.map(function () { return "number"; })
      : question.gaps.map(function (one) { return one.ask === "choice" ? "number" : "text"; }));
    return all.some(function (one) { return one !== null; }) ? all : null;
  }

  function ask_quiz(unit, box, again) {
    var quiz = data.quizzes[unit.id], running = state.q[unit.id];
    if (again || !running || running.d.some(function (one) { return !quiz.questions[one]; })) {
      running = state.q[unit.id] = { d: draw(quiz), o: {}, a: {} };
    }
    var form = element("form", { novalidate: true }), problem = element("p", { role: "alert", "class": "told is-again", hidden: true });
    running.d.forEach(function (code, at) {
      var question = quiz.questions[code], own = running.o[at] = running.o[at] || order(question);
      var inside = [element("legend", { text: "Soal " + (at + 1) + " dari " + running.d.length })];
      if (question.scenario) inside = inside.concat(lines(question.scenario));
      inside = inside.concat(lines(question.text));
      if (question.picture) inside.push(element("img", { src: question.picture.src, alt: question.picture.alt }));
      form.appendChild(element("fieldset", { "data-at": at }, inside.concat(field("q" + at, question, own, running.a[at]))));
      var list = form.lastChild.querySelector("[data-order]");
      if (list && running.a[at]) list.setAttribute("data-touched", "");
    });
    form.appendChild(problem);
    form.appendChild(element("button", { type: "submit", "class": "send", text: "Kirim jawaban" }));
    form.addEventListener("change", function () {
      running.d.forEach(function (code, at) {
        var mine = given(form, "q" + at, quiz.questions[code]);
        if (mine === null) delete running.a[at]; else running.a[at] = mine;
      });
      tell();
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      form.dispatchEvent(new Event("change"));
      var blank = running.d.filter(function (code, at) { return running.a[at] === undefined; }).length;
      if (blank && problem.hidden) {
        problem.textContent = blank + " soal belum dijawab. Lengkapi, atau tekan Kirim sekali lagi.";
        problem.hidden = false;
        return;
      }
      judged(unit, box, quiz, running);
    });
    box.replaceChildren(form);
  }

  function report(code, question, mine, points) { // one answer to the other system; each try is told anew
    var count = parseInt(get("cmi.interactions._count"), 10);
    if (!open || isNaN(count)) return; // SCORM 1.2 need not keep answers
    var name = "cmi.interactions." + count + ".", at = new Date(), told = window.Linimasa.interaction(question, mine, !!newer);
    set(name + "id", code);
    set(name + "type", told.type);
    if (newer) set(name + "timestamp", at.toISOString().slice(0, 22) + "Z");
    else set(name + "time", [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":"));
    told.patterns.forEach(function (one, place) { set(name + "correct_responses." + place + ".pattern", one); });
    if (told.response) set(name + (newer ? "learner_response" : "student_response"), told.response);
    set(name + "result", points === 1 ? "correct" : points > 0 ? Math.round(points * 1e5) / 1e5 : newer ? "incorrect" : "wrong");
    set(name + "weighting", 1);
    if (newer) set(name + "description", question.text.slice(0, 240));
  }

  function judged(unit, box, quiz, running) {
    var sum = 0, rows = running.d.map(function (code, at) {
      var question = quiz.questions[code], mine = running.a[at] === undefined ? null : running.a[at];
      var points = window.Linimasa.points(question, mine);
      sum += points;
      report(code, question, mine, points);
      var head = points === 1 ? "Tepat." : points > 0 ? "Sebagian tepat." : mine === null ? "Tidak dijawab." : "Belum tepat.";
      var said = [element("strong", { text: head })];
      if (question.play === "choices" && mine) {
        mine.forEach(function (one) { if (question.told && question.told[one]) said.push(element("p", { text: question.told[one] })); });
      }
      if (points < 1) said.push(element("p", { text: "Yang tepat: " + question.right }));
      said.push(element("p", { text: question.feedback }));
      return element("fieldset", {}, [element("legend", { text: "Soal " + (at + 1) })].concat(lines(question.text),
        [element("div", { "class": "told " + (points === 1 ? "is-ok" : "is-again") }, said)]));
    });
    var score = running.d.length ? sum / running.d.length : 0;
    state.s[unit.id] = Math.max(state.s[unit.id] || 0, Math.round(score * 1e5) / 1e5);
    delete state.q[unit.id];
    var enough = unit.pass === null ? "" : state.s[unit.id] + 1e-9 >= unit.pass ? " Ambang tercapai." : " Ambang " + Math.round(unit.pass * 100) + " belum tercapai.";
    var head = element("p", { "class": "result", tabindex: "-1", "data-result": true,
      text: "Nilai Anda " + Math.round(score * 100) + ". Nilai terbaik " + Math.round(state.s[unit.id] * 100) + "." + enough });
    var again = element("button", { type: "button", text: "Coba lagi" });
    again.addEventListener("click", function () { ask_quiz(unit, box, true); tell(); box.querySelector("input, select, button").focus(); });
    box.replaceChildren(head, again, element("div", {}, rows));
    head.focus();
    tell();
  }

  // --- go -----------------------------------------------------------------------------------------------------------
  start();
  resume();
  document.body.classList.add("is-played");
  [].slice.call(document.querySelectorAll("[data-next]")).forEach(function (one) { one.hidden = false; });
  played().forEach(function (unit) { ask_quiz(unit, document.querySelector("[data-quiz='" + unit.id + "']"), false); });
  document.getElementById("keluar").hidden = !open;
  document.getElementById("keluar").addEventListener("click", function () {
    leave();
    document.getElementById("keadaan").textContent = "Tersimpan. Anda boleh menutup jendela ini.";
    window.close();
  });
  window.addEventListener("pagehide", leave);
  window.addEventListener("beforeunload", leave);
  show(now, true);
}());

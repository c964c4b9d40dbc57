/* Judging an answer as the portal does. Linimasa.points(question, answer) gives 0 to 1; a blank answer (null) gives 0. */
(function () {
  "use strict";
  var SMALL = 1e-9;

  function tidy(text) {
    return text.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean).join(" ").replace(/[% ]+$/, "").replace(/(\d),(?=\d)/g, "$1.");
  }

  function grouped(text, mark) {
    var parts = text.split(mark);
    if (parts.length === 1) return /^\d+$/.test(text) ? text : "";
    var good = /^\d{1,3}$/.test(parts[0]) && parts.slice(1).every(function (one) { return /^\d{3}$/.test(one); });
    return good ? parts.join("") : "";
  }

  function count(text, sign) { return text.split(sign).length - 1; }

  function readings(figures) {
    var comma = count(figures, ","), dot = count(figures, "."), space = count(figures, " "), whole, rest, cut, found;
    if (comma && dot) {
      cut = Math.max(figures.lastIndexOf(","), figures.lastIndexOf("."));
      rest = figures.slice(cut + 1);
      found = grouped(figures.slice(0, cut), figures[cut] === "," ? "." : ",");
      return found && /^\d+$/.test(rest) && !space ? [found + "." + rest] : [];
    }
    if (space) {
      cut = figures.search(/[.,]/);
      found = grouped(cut < 0 ? figures : figures.slice(0, cut), " ");
      rest = cut < 0 ? "0" : figures.slice(cut + 1);
      return found && /^\d+$/.test(rest) ? [found + "." + rest] : [];
    }
    var mark = comma ? "," : ".";
    if (Math.max(comma, dot) > 1) { found = grouped(figures, mark); return found ? [found] : []; }
    cut = figures.indexOf(mark);
    if (cut < 0) return [figures];
    whole = figures.slice(0, cut); rest = figures.slice(cut + 1);
    if ((rest && !/^\d+$/.test(rest)) || !(whole || rest)) return [];
    var decimal = (whole || "0") + "." + (rest || "0");
    return mark === "." && /^[1-9]\d{0,2}$/.test(whole) && rest.length === 3 ? [whole + rest, decimal] : [decimal];
  }

  var NUMBER = /^((?:\p{L}+\.?|[$€£¥]+)?)\s*([+-]?)\s*(\d[\d.,]*(?: \d{3}(?!\d)[\d.,]*)*|[.,]\d+)(?:\s*(?:e|[x×·*]\s*10\s*\^?\s*)([+-]?\d{1,3})(?!\d))?\s*([^]*)$/iu;

  function read(text) {
    text = text.normalize("NFKC").replace(/[−–‒﹣]/g, "-").split(/\s+/).filter(Boolean).join(" ").replace(/,-+(?=\s|$)/g, "");
    var found = NUMBER.exec(text);
    if (!found) return null;
    var before = found[1], after = found[5].trim();
    if ((before && after) || (before + after).length > 30 || /[\d,;=+]/.test(after.replace(/(\p{L})[23](?![\p{L}\d_])/gu, "$1"))) return null;
    var power = parseInt(found[4] || "0", 10);
    if (Math.abs(power) > 30 || found[3].replace(/\D/g, "").length > 25) return null;
    var values = readings(found[3]).map(function (one) { return Number((found[2] === "-" ? "-" : "") + one + "e" + power); });
    return values.length ? { values: values, unit: before || after } : null;
  }

  function unit(text) { return text.normalize("NFKC").trim().replace(/\.+$/, "").replace(/ /g, ""); }

  function accepts(one, value) {
    var around = Math.max(one.tolerance || 0, Math.abs(one.value) * (one.percent || 0) / 100);
    return Math.abs(value - one.value) <= around + SMALL * Math.max(1, Math.abs(one.value));
  }

  function factor(question, typed) {
    if (!question.units || (!typed.unit && !question.unit_needed)) return 1;
    var wanted = unit(typed.unit), alike = [], exact = null;
    question.units.forEach(function (one) {
      if (unit(one.unit) === wanted) exact = one.factor;
      if (unit(one.unit).toLowerCase() === wanted.toLowerCase()) alike.push(one.factor);
    });
    return exact !== null ? exact : alike.length === 1 ? alike[0] : null;
  }

  function numeric(question, answer) {
    var typed = read(answer), by = typed ? factor(question, typed) : null, best = 0;
    if (by === null) return 0;
    question.values.forEach(function (one) {
      var points = one.points === undefined ? 1 : one.points;
      if (typed.values.some(function (value) { return accepts(one, value * by); })) best = Math.max(best, points);
    });
    return best;
  }

  function gap(one, given) {
    if (given === null || given === undefined || given === "") return false;
    if (one.ask === "choice") return given === one.key;
    if (one.ask === "text") return one.accepted.map(tidy).indexOf(tidy(given)) >= 0;
    var typed = read(given);
    return !!typed && typed.values.some(function (value) { return accepts(one, value); });
  }

  function share(right, whole) { return Math.max(0, right) / whole; }

  var KINDS = {
    choices: function (question, answer) {
      var right = answer.filter(function (one) { return question.key.indexOf(one) >= 0; }).length, wrong = answer.length - right;
      if (!question.several) return right === 1 && !wrong && question.key.length === 1 ? 1 : 0;
      return share(right - wrong, question.key.length);
    },
    text: function (question, answer) { return question.accepted.map(tidy).indexOf(tidy(answer)) >= 0 ? 1 : 0; },
    numeric: numeric,
    matching: function (question, answer) {
      return share(answer.filter(function (one, place) { return one === place; }).length, question.pairs.length);
    },
    ordering: function (question, answer) {
      var right = 0;
      for (var at = 1; at < answer.length; at += 1) right += answer[at] === answer[at - 1] + 1;
      return share(right, question.order.length - 1);
    },
    gaps: function (question, answer) {
      return share(question.gaps.filter(function (one, place) { return gap(one, answer[place]); }).length, question.gaps.length);
    }
  };

  window.Linimasa = {
    reading: function (question, answer) { // a typed number in the question's unit, the better of two readings; null when it is none
      var typed = read(answer), by = typed ? factor(question, typed) : null;
      if (by === null) return null;
      var good = typed.values.filter(function (value) { return question.values.some(function (one) { return accepts(one, value * by); }); });
      return (good.length ? good[0] : typed.values[0]) * by;
    },
    points: function (question, answer) {
      var empty = answer === null || answer === "" || (Array.isArray(answer) && !answer.length);
      return empty ? 0 : KINDS[question.play](question, answer);
    }
  };
}());

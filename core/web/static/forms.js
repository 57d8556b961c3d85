/* Live rules, signature pad, double-submit guard, focus on the error summary.
 *
 * Everything works without this file; the server's word counts. Plain ES2018 for old web views.
 *   <script type="application/json" id="form-rules">   what rules_for_browser() gives
 *   [data-field="name"]         wraps a field's inputs; [data-computed] inside shows its value
 *                               (a stored file or drawing stands in it as a hidden input)
 *   [data-signature]            holds <canvas>, <input type="hidden">, a [data-clear] button and,
 *                               while this file is missing, the attribute hidden
 *   [data-error-summary]        gets the focus
 * The evaluator is forms/evaluate.py again; tests/conformance/expressions.json holds both to it.
 * Numbers need BigInt; where it is missing, fields whose rules count are simply shown.
 */
(function (root) {
  "use strict";

  // ---- decimals: c × 10^e, results rounded to 28 digits, half to even -----------------------
  const PRECISION = 28;
  const big = (value) => root.BigInt(value);
  const ten = (n) => big("1" + "0".repeat(n));
  const size = (c) => String(c < 0 ? -c : c).length;

  class Dec {
    constructor(c, e) {
      this.c = c;
      this.e = e;
    }
    static read(value) {
      const text = Number.isInteger(value) ? String(value) : value;
      if (typeof text !== "string" || !/^-?[0-9]{1,60}(\.[0-9]{1,60})?$/.test(text)) return null;
      const at = text.indexOf(".");
      return new Dec(big(text.replace(".", "")), at < 0 ? 0 : at + 1 - text.length);
    }
    at(e) {
      return this.c * ten(this.e - e);
    }
    rounded() {
      const drop = size(this.c) - PRECISION;
      if (drop <= 0) return this;
      const unit = ten(drop);
      let c = this.c / unit;
      const rest = this.c - c * unit;
      const twice = rest < 0 ? -rest * big(2) : rest * big(2);
      if (twice > unit || (twice === unit && c % big(2) !== big(0))) {
        c += this.c < 0 ? big(-1) : big(1);
      }
      return new Dec(c, this.e + drop).rounded();
    }
    compare(other) {
      const e = Math.min(this.e, other.e);
      const [a, b] = [this.at(e), other.at(e)];
      return a < b ? -1 : a > b ? 1 : 0;
    }
    toJSON() {
      if (this.c === big(0)) return "0";
      const digits = String(this.c < 0 ? -this.c : this.c) + "0".repeat(Math.max(this.e, 0));
      const places = Math.max(-this.e, 0);
      const padded = digits.padStart(places + 1, "0");
      const cut = padded.length - places;
      const tail = padded.slice(cut).replace(/0+$/, "");
      return (this.c < 0 ? "-" : "") + padded.slice(0, cut) + (tail && "." + tail);
    }
  }

  const arithmetic = {
    "+": (a, b) => new Dec(a.at(Math.min(a.e, b.e)) + b.at(Math.min(a.e, b.e)), Math.min(a.e, b.e)),
    "-": (a, b) => arithmetic["+"](a, new Dec(-b.c, b.e)),
    "*": (a, b) => new Dec(a.c * b.c, a.e + b.e),
    "/": (a, b) => {
      if (b.c === big(0)) return null;
      const more = Math.max(0, PRECISION + 2 - size(a.c) + size(b.c));
      const top = a.c * ten(more);
      const exact = top % b.c === big(0);
      const sticky = exact ? big(0) : big(a.c < 0 === b.c < 0 ? 1 : -1);
      return new Dec((top / b.c) * big(10) + sticky, a.e - b.e - more - 1);
    },
  };

  // ---- dates: ISO text; days counted from 1970 ----------------------------------------------
  const dayOf = (iso) => {
    if (typeof iso !== "string" || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(iso)) return null;
    const date = new Date(iso + "T00:00:00Z");
    const real = !isNaN(date) && date.toISOString().slice(0, 10) === iso && iso > "0001";
    return real ? Math.round(date.getTime() / 864e5) : null;
  };
  const born = (value) => {
    const id = /^[0-9]{6}([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{3}[0-9X]$/.exec(value);
    const iso = id ? id.slice(1).join("-") : value;
    return dayOf(iso) === null ? null : iso;
  };
  const ageOn = (value, day) => {
    const birth = born(value);
    if (birth === null || birth > day) return null;
    return Dec.read(day.slice(0, 4) - birth.slice(0, 4) - (day.slice(5) < birth.slice(5) ? 1 : 0));
  };

  // ---- the tree ------------------------------------------------------------------------------
  const read = (value, kind) => {
    if (value === undefined || value === null || value === "") return null;
    if (kind === "number") return Dec.read(value);
    if (kind === "date") return dayOf(value) === null ? null : value;
    if (Array.isArray(value) && !value.length) return null;
    return Number.isInteger(value) ? Dec.read(value) : value;
  };
  const same = (a, b) => (a instanceof Dec && b instanceof Dec ? a.compare(b) === 0 : a === b);
  const order = (a, b) => (a instanceof Dec ? a.compare(b) : a < b ? -1 : a > b ? 1 : 0);
  const among = (a, list) => list.some((one) => same(a, one instanceof Dec ? one : read(one)));
  const compare = {
    "==": same,
    "!=": (a, b) => !same(a, b),
    "<": (a, b) => order(a, b) < 0,
    "<=": (a, b) => order(a, b) <= 0,
    ">": (a, b) => order(a, b) > 0,
    ">=": (a, b) => order(a, b) >= 0,
    in: (a, b) => Array.isArray(b) && among(a, b),
    "not in": (a, b) => Array.isArray(b) && !among(a, b),
  };
  const holds = (sign, a, b) => a !== null && b !== null && compare[sign](a, b);

  const flat = (values) => [].concat(...values);
  const numbers = (values) =>
    flat(values)
      .map((one) => (Number.isInteger(one) ? Dec.read(one) : one))
      .filter((one) => one instanceof Dec);
  const extreme = (sign) => (...values) => {
    const dates = values.filter((one) => dayOf(one) !== null);
    return (dates.length ? dates : numbers(values)).reduce(
      (best, one) => (best === null || sign * order(one, best) > 0 ? one : best),
      null
    );
  };
  const strict = (work) => (...values) => (values.indexOf(null) < 0 ? work(...values) : null);
  const functions = {
    len: strict((one) => Dec.read(Array.from(one).length)),
    sum: (...values) =>
      numbers(values).reduce((a, b) => (a ? arithmetic["+"](a, b).rounded() : b), null),
    count: (...values) => Dec.read(flat(values).filter((one) => one !== null).length),
    any: (...values) => flat(values).some((one) => one === true),
    all: (...values) => flat(values).every((one) => one === true),
    min: extreme(-1),
    max: extreme(1),
    age_on: strict(ageOn),
    days_between: strict((a, b) => Dec.read(dayOf(b) - dayOf(a))),
    working_days_between: () => null,
    lower: strict((one) => one.replace(/[A-Z]/g, (letter) => letter.toLowerCase())),
    is_empty: (one) => one === null || one === "" || (Array.isArray(one) && !one.length),
  };

  const matches = (automaton, text) => {
    let active = new Set(automaton.first);
    let reached = [];
    const characters = Array.from(text);
    for (const character of characters) {
      const code = character.codePointAt(0);
      const inside = (set) => set.slice(1).some((range) => range[0] <= code && code <= range[1]);
      reached = [...active].filter((state) => inside(automaton.sets[state]) !== automaton.sets[state][0]);
      active = new Set(flat(reached.map((state) => automaton.next[state])));
    }
    return characters.length
      ? reached.some((state) => automaton.last.indexOf(state) >= 0)
      : automaton.empty;
  };

  function valueOf(tree, scope, today) {
    const sign = tree[0];
    const inner = (at) => valueOf(tree[at], scope, today);
    const all = (from) => tree.slice(from).map((one) => valueOf(one, scope, today));
    if (compare[sign]) return holds(sign, inner(1), inner(2));
    if (arithmetic[sign]) {
      const values = all(1);
      if (!values.every((one) => one instanceof Dec)) return null;
      const [a, b] = values.length > 1 ? values : [new Dec(big(0), 0), values[0]];
      const result = arithmetic[sign](a, b);
      return result && result.rounded();
    }
    switch (sign) {
      case "const": case "date": return tree[1];
      case "num": return Dec.read(tree[1]);
      case "list": return all(1);
      case "name": return read(scope[tree[1]], tree[2]);
      case "row": case "step": return read((scope[sign] || {})[tree[1]], tree[2]);
      case "today": return today;
      case "null?": return inner(1) === null;
      case "and": return tree.slice(1).every((one) => valueOf(one, scope, today) === true);
      case "or": return tree.slice(1).some((one) => valueOf(one, scope, today) === true);
      case "not": return inner(1) !== true;
      case "if": return inner(inner(1) === true ? 2 : 3);
      case "call": return functions[tree[1]](...all(2));
      case "matches": return inner(1) === null ? false : matches(tree[2], inner(1));
      case "chain": {
        const values = tree.slice(1).map((one, at) => (at % 2 ? one : valueOf(one, scope, today)));
        for (let at = 1; at < values.length; at += 2) {
          if (!holds(values[at], values[at - 1], values[at + 1])) return false;
        }
        return true;
      }
      default: throw new Error("unknown: " + sign);
    }
  }

  /* The value of a tree as JSON: numbers as text, dates as ISO text. */
  const evaluate = (tree, scope, today) => {
    const value = valueOf(tree, scope, today);
    return value instanceof Dec ? value.toJSON() : value;
  };

  // ---- the page: what shows while people type -------------------------------------------------
  const plain = (text) => (text.normalize ? text.normalize("NFKC") : text).trim();
  const written = {
    number: (text) => plain(text).replace(/,(?=[0-9]{3})/g, "").replace(/^[+]/, ""),
    date: (text) => {
      const found = /^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$/.exec(plain(text));
      return found ? [found[1], found[2].padStart(2, "0"), found[3].padStart(2, "0")].join("-") : "";
    },
    cn_id: (text) => plain(text).replace(/[\s-]/g, "").toUpperCase(),
  };

  function answerOf(box, node) {
    const inputs = Array.from(box.querySelectorAll("input, textarea, select"));
    const chosen = inputs.filter((one) => one.checked);
    if (node.kind === "list") return chosen.map((one) => one.value);
    if (node.kind === "file") return inputs.some((one) => one.value) ? { ref: "here" } : null;
    const choice = inputs.some((one) => one.type === "radio" || one.type === "checkbox");
    if (node.kind === "bool") return chosen.length ? chosen[0].value !== "false" : null;
    const text = choice ? (chosen[0] || { value: "" }).value : inputs.length ? inputs[0].value : "";
    return (written[node.type] || written[node.kind] || ((one) => one.trim()))(text);
  }

  function show(box, shown) {
    box.hidden = !shown;
    for (const input of box.querySelectorAll("[required], [data-required]")) {
      input.setAttribute("data-required", "");
      input.required = shown;
    }
  }

  function follow(rules, page) {
    const scope = {};
    const safely = (tree, otherwise) => {
      try {
        return evaluate(tree, scope, rules.today);
      } catch (error) {
        return otherwise;
      }
    };
    for (const node of rules.order) {
      const box = page.querySelector('[data-field="' + node.name + '"]');
      if (node.condition) {
        scope[node.name] = safely(node.condition, null) === true;
        continue;
      }
      const shown = !node.show || safely(node.show, true) === true;
      const asked = () => (box ? answerOf(box, node) : rules.answers[node.name]);
      const value = node.compute ? safely(node.compute, null) : shown ? asked() : null;
      scope[node.name] = shown ? value : null;
      if (box && node.show) show(box, shown);
      const output = box && node.compute && box.querySelector("[data-computed]");
      if (output) output.textContent = value === null ? "—" : String(value);
    }
  }

  // ---- signature pad --------------------------------------------------------------------------
  const MAX_PICTURE = 40000;

  function picture(canvas) {
    for (let scale = Math.min(1, 600 / canvas.width); scale > 0.1; scale *= 0.7) {
      const copy = document.createElement("canvas");
      copy.width = Math.round(canvas.width * scale);
      copy.height = Math.round(canvas.height * scale);
      copy.getContext("2d").drawImage(canvas, 0, 0, copy.width, copy.height);
      const url = copy.toDataURL("image/png");
      if (url.length <= MAX_PICTURE) return url;
    }
    return "";
  }

  function pad(box) {
    const canvas = box.querySelector("canvas");
    const hidden = box.querySelector('input[type="hidden"]');
    const pen = canvas.getContext("2d");
    let last = null;
    const spot = (event) => {
      const at = canvas.getBoundingClientRect();
      const touch = (event.touches && event.touches[0]) || event;
      const [x, y] = [touch.clientX - at.left, touch.clientY - at.top];
      return [(x * canvas.width) / at.width, (y * canvas.height) / at.height];
    };
    const begin = (event) => {
      event.preventDefault();
      last = spot(event);
      draw(event);
    };
    const draw = (event) => {
      if (!last) return;
      event.preventDefault();
      const next = spot(event);
      pen.lineWidth = 3;
      pen.lineCap = "round";
      pen.beginPath();
      pen.moveTo(last[0], last[1]);
      pen.lineTo(next[0], next[1]);
      pen.stroke();
      last = next;
    };
    const end = () => {
      if (last) hidden.value = picture(canvas);
      last = null;
    };
    const names = root.PointerEvent ? ["pointerdown", "pointermove", "pointerup", "pointercancel"]
      : ["touchstart", "touchmove", "touchend", "touchcancel"];
    canvas.style.touchAction = "none";
    canvas.addEventListener(names[0], begin);
    canvas.addEventListener(names[1], draw);
    document.addEventListener(names[2], end);
    document.addEventListener(names[3], end);
    box.querySelector("[data-clear]").addEventListener("click", () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      hidden.value = "";
    });
    if (hidden.value.slice(0, 15) === "data:image/png;") {
      const kept = new Image();
      kept.onload = () => pen.drawImage(kept, 0, 0, canvas.width, canvas.height);
      kept.src = hidden.value;
    }
    box.hidden = false;
  }

  // ---- once, and where to look ------------------------------------------------------------------
  const WAIT = 20000;

  function guard(event) {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("data-sent", "");
    form.setAttribute("aria-busy", "true");
    setTimeout(() => release(form), WAIT);
  }

  function release(form) {
    form.removeAttribute("data-sent");
    form.removeAttribute("aria-busy");
  }

  function start() {
    const data = document.getElementById("form-rules");
    if (data) {
      const rules = JSON.parse(data.textContent);
      const again = () => follow(rules, document);
      document.addEventListener("input", again);
      document.addEventListener("change", again);
      root.addEventListener("pageshow", again);
      again();
    }
    document.querySelectorAll("[data-signature]").forEach(pad);
    document.addEventListener("submit", guard);
    root.addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach(release));
    const summary = document.querySelector("[data-error-summary]");
    if (summary) {
      summary.setAttribute("tabindex", "-1");
      summary.focus();
    }
  }

  const kehou = { evaluate };
  root.KehouForms = kehou;
  if (typeof module === "object" && module.exports) module.exports = kehou;
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})(typeof globalThis === "object" ? globalThis : self);

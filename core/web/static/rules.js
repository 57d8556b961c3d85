/* The rules of a form: expressions and the order of fields. forms/evaluate.py and
 * forms/settling.py again, in the browser; tests/conformance holds both to one another.
 *
 * Plain ES2018 for old web views. Numbers need BigInt; where it is missing, fields whose rules
 * count are simply shown. The page itself is in forms.js.
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
      if (value instanceof Dec) return value;
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
    /* To so many places, half to even; null beyond 28 digits. */
    to(places) {
      const more = -places - this.e;
      let c = more <= 0 ? this.at(-places) : this.c / ten(more);
      if (more > 0) {
        const rest = this.c - c * ten(more);
        const twice = (rest < 0 ? -rest : rest) * big(2);
        if (twice > ten(more) || (twice === ten(more) && c % big(2) !== big(0))) {
          c += this.c < 0 ? big(-1) : big(1);
        }
      }
      return size(c) > PRECISION ? null : new Dec(c, -places);
    }
    /* With exactly so many places, as money is written. */
    fixed(places) {
      const c = this.at(-places);
      const digits = String(c < 0 ? -c : c).padStart(places + 1, "0");
      return (c < 0 ? "-" : "") + digits.slice(0, -places) + "." + digits.slice(-places);
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
  const timeOf = (text) => (/^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(text) ? text : null);
  const momentOf = (text) => {
    const found = /^([0-9-]{10})[T ]([0-9:]{5})([+]08:00)?$/.exec(text);
    const good = found && dayOf(found[1]) !== null && timeOf(found[2]);
    return good ? found[1] + "T" + found[2] + "+08:00" : null;
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
    if (kind === "time") return timeOf(value);
    if (kind === "datetime") return momentOf(value);
    if (Array.isArray(value) && !value.length) return null;
    if (value.value !== undefined) return value.value;
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
    const dates = values.filter((one) => typeof one === "string");
    return (dates.length ? dates : numbers(values)).reduce(
      (best, one) => (best === null || sign * order(one, best) > 0 ? one : best),
      null
    );
  };
  const differ = (values) => {
    const given = values.filter((one) => one !== null && one !== "");
    const keys = given.map((one) => {
      const number = Number.isInteger(one) ? Dec.read(one) : one;
      return number instanceof Dec ? "n" + number.toJSON() : typeof one + one;
    });
    return new Set(keys).size === given.length;
  };
  const minutes = (a, b) => {
    if (a.length !== b.length) return null;
    const at = (one) => (one.length === 5 ? one.slice(0, 2) * 60 + +one.slice(3) : Date.parse(one) / 6e4);
    return Dec.read(at(b) - at(a));
  };
  const schoolYearEnd = (day) => {
    const year = +day.slice(0, 4) + (day.slice(5) > "08-31");
    return year > 9999 ? null : String(year).padStart(4, "0") + "-08-31";
  };
  const strict = (work) => (...values) => (values.indexOf(null) < 0 ? work(...values) : null);
  const side = (key) => strict((one) => (dayOf(one[key]) === null ? null : one[key]));
  const functions = {
    len: strict((one) => Dec.read(Array.from(one).length)),
    sum: (...values) =>
      numbers(values).reduce((a, b) => (a ? arithmetic["+"](a, b).rounded() : b), null),
    count: (...values) => Dec.read(flat(values).filter((one) => one !== null).length),
    any: (...values) => flat(values).some((one) => one === true),
    all: (...values) => flat(values).every((one) => one === true),
    all_different: (...values) => differ(flat(values)),
    min: extreme(-1),
    max: extreme(1),
    age_on: strict(ageOn),
    days_between: strict((a, b) => Dec.read(dayOf(b) - dayOf(a))),
    working_days_between: () => null,
    school_year_end: strict(schoolYearEnd),
    minutes_between: strict(minutes),
    date_of: strict((one) => one.slice(0, 10)),
    time_of: strict((one) => one.slice(11, 16)),
    start: side("from"),
    end: side("to"),
    region: strict((one) => (one.region && one.region.length ? one.region : null)),
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
      case "const": case "date": case "time": case "datetime": return tree[1];
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
      case "rows": return throughRows(tree, inner(2) || [], scope, today);
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

  function throughRows(tree, rows, scope, today) {
    if (tree.length === 3) return Dec.read(rows.length);
    const within = Object.assign({}, scope);
    const values = rows.map((row) => {
      within.row = row;
      return valueOf(tree[3], within, today);
    });
    if (tree[1] === "count") return Dec.read(values.filter((one) => one === true).length);
    return functions[tree[1]](...values);
  }

  /* The value of a tree as JSON: numbers as text, dates as ISO text. */
  const evaluate = (tree, scope, today) => {
    const value = valueOf(tree, scope, today);
    return value instanceof Dec ? value.toJSON() : value;
  };

  // ---- fields in their order -------------------------------------------------------------------
  const MOST_MONEY = 17; // digits, two of them after the point
  const settled = {
    integer: (value) => value.to(0),
    money: (value) => {
      const amount = value.to(2);
      return amount && size(amount.c) <= MOST_MONEY ? amount : null;
    },
  };
  const told = (value, type) => {
    if (!(value instanceof Dec)) return value;
    return type === "money" ? value.fixed(2) : type === "integer" ? Number(value.toJSON()) : value.toJSON();
  };
  const isNothing = (value) =>
    value === null || value === undefined || (typeof value === "string" && !value.trim()) ||
    (typeof value === "object" && !(value instanceof Dec) && !Object.keys(value).length);

  function computed(node, scope, today) {
    const value = valueOf(node.compute, scope, today);
    if (value === "" || value === null) return null;
    return settled[node.type] && value instanceof Dec ? settled[node.type](value) : value;
  }

  const safely = (work, otherwise) => {
    try {
      return work();
    } catch (error) {
      return otherwise;
    }
  };

  /* One field: does it show, and what does it hold? `given(node)` gives what was answered. */
  function settleOne(node, scope, given, today) {
    const shown = !node.show || safely(() => valueOf(node.show, scope, today) === true, true);
    if (!shown) return { shown, value: null };
    if (node.compute) return { shown, value: safely(() => computed(node, scope, today), null) };
    if (node.row) return settleRows(node, scope, given(node) || [], today);
    return { shown, value: given(node) };
  }

  function settleRows(node, scope, rows, today) {
    const within = Object.assign({}, scope);
    const states = rows.map((answers) => {
      const state = { visible: [], computed: {}, values: {} };
      within.row = state.values;
      state.blank = Object.keys(answers).every((name) => isNothing(answers[name]));
      for (const one of node.row) {
        note(state, one, settleOne(one, within, (each) => answers[each.name], today));
      }
      return state;
    });
    const value = states.filter((state) => !state.blank).map((state) => state.values);
    return { shown: true, value, rows: states };
  }

  function note(state, node, found) {
    if (found.shown) state.visible.push(node.name);
    state.values[node.name] = found.value === undefined ? null : found.value;
    if (node.compute && found.value !== null) state.computed[node.name] = told(found.value, node.type);
    if (found.rows) state.rows[node.name] = found.rows;
  }

  /* What shows, what is computed, and the same row by row, as forms.evaluation says it. */
  function settle(order, given, today) {
    const state = { visible: [], computed: {}, values: {}, rows: {} };
    for (const node of order) {
      if (node.condition) {
        state.values[node.name] = safely(() => valueOf(node.condition, state.values, today), null) === true;
      } else {
        note(state, node, settleOne(node, state.values, given, today));
      }
    }
    return state;
  }

  const kehou = { evaluate, settle };
  root.KehouForms = kehou;
  if (typeof module === "object" && module.exports) module.exports = kehou;
})(typeof globalThis === "object" ? globalThis : self);

/* The page: what shows while people type, rows of groups, the signature pad, the double-submit
 * guard, the focus on the error summary.
 *
 * Everything works without this file; the server's word counts. Plain ES2018 for old web views.
 *   <script type="application/json" id="form-rules">   what rules_for_browser() gives
 *   [data-field="path"]         wraps a field's inputs; [data-computed] inside shows its value
 *                               (a stored file or drawing stands in it as a hidden input)
 *   [data-group] [data-row]     a group and its rows; its <template> is a blank row whose names
 *                               hold __row__
 *   [data-signature]            holds <canvas>, <input type="hidden">, a [data-clear] button and,
 *                               while this file is missing, the attribute hidden
 *   [data-error-summary]        gets the focus
 */
(function (root) {
  "use strict";

  const { settle } = root.KehouForms;

  // ---- the page: what shows while people type -------------------------------------------------
  const plain = (text) => (text.normalize ? text.normalize("NFKC") : text).trim();
  const two = (digits) => digits.padStart(2, "0");
  const number = (text) => plain(text).replace(/,(?=[0-9]{3})/g, "").replace(/^[+]/, "");
  const fitting = (text, shape) => (shape.test(text) ? text : "");
  const day = (text) => {
    const found = /^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$/.exec(plain(text));
    return found ? [found[1], two(found[2]), two(found[3])].join("-") : "";
  };
  const time = (text) => {
    const found = /^([0-9]{1,2})[:.点时]?([0-9]{2})分?$/.exec(plain(text));
    return found ? two(found[1]) + ":" + found[2] : "";
  };
  const written = {
    number,
    date: day,
    time,
    datetime: (text) => {
      const found = /^(.*[0-9日])[T\s]+(.+)$/.exec(plain(text));
      return found ? day(found[1]) + "T" + time(found[2]) : "";
    },
    integer: (text) => fitting(number(text), /^-?[0-9]+(\.0+)?$/),
    money: (text) => {
      const bare = plain(text).replace(/^[¥\s]+|[元\s]+$/g, "");
      return fitting(number(bare), /^-?[0-9]+(\.[0-9]{1,2}0*)?$/);
    },
    cn_id: (text) => plain(text).replace(/[\s-]/g, "").toUpperCase(),
    uscc: (text) => plain(text).replace(/[\s-]/g, "").toUpperCase(),
  };

  const controls = (box) => Array.from(box.querySelectorAll("input, textarea, select"));
  const ending = (box, end) => controls(box).filter((one) => one.name.slice(-end.length) === end)[0];

  /* How a box is read, by its field's type or kind; the rest is text. */
  const readers = {
    list: (box) => controls(box).filter((one) => one.checked).map((one) => one.value),
    files: (box) => {
      const chosen = controls(box).map((one) => (one.type === "file" ? one.files.length : one.value ? 1 : 0));
      return new Array(chosen.reduce((sum, one) => sum + one, 0)).fill({ ref: "here" });
    },
    file: (box) => (controls(box).some((one) => one.value) ? { ref: "here" } : null),
    bool: (box) => {
      const chosen = controls(box).filter((one) => one.checked)[0];
      return chosen ? chosen.value !== "false" : null;
    },
    range: (box) => {
      const [from, to] = [day(ending(box, ".from").value), day(ending(box, ".to").value)];
      return from && to && from <= to ? { from, to } : null;
    },
    address: (box) => {
      const [list, detail] = [ending(box, ".region"), ending(box, ".detail")];
      const way = (list.selectedOptions[0] || list).getAttribute("data-way");
      return list.value ? { region: way ? way.split(" ") : [], detail: detail.value.trim() } : null;
    },
    lookup: (box) => {
      const typed = textOf(box).trim();
      const known = Array.from(box.querySelectorAll("datalist option"));
      const found = known.filter((one) => one.value === typed)[0];
      return found ? found.getAttribute("data-value") : known.length ? null : typed;
    },
  };

  function textOf(box) {
    const inputs = controls(box);
    const choice = inputs.some((one) => one.type === "radio" || one.type === "checkbox");
    if (choice) return (inputs.filter((one) => one.checked)[0] || { value: "" }).value;
    return inputs.length ? inputs[0].value : "";
  }

  function answerOf(box, node) {
    const read = readers[node.type] || readers[node.kind];
    if (read) return read(box);
    return (written[node.type] || written[node.kind] || ((one) => one.trim()))(textOf(box));
  }

  function show(box, shown) {
    if (box.getAttribute("data-shown") === String(shown)) return;
    box.setAttribute("data-shown", shown);
    box.hidden = !shown;
    for (const input of box.querySelectorAll("[required], [data-required]")) {
      input.setAttribute("data-required", "");
      input.required = shown;
    }
  }

  const chinese = /^zh/.test(document.documentElement.lang || "zh");
  const spoken = {
    money: (value) => {
      const amount = value.replace(/\B(?=([0-9]{3})+\.)/g, ",");
      return chinese ? amount + " 元" : "¥" + amount;
    },
    date: (value) => {
      const [year, month, date] = value.split("-").map(Number);
      return chinese ? year + "年" + month + "月" + date + "日" : value;
    },
  };

  /* Shows a computed value in the words of core/web/answers.py. */
  function say(box, node, value) {
    const output = box.querySelector("[data-computed]");
    let text = "—";
    if (typeof value === "boolean") text = output.getAttribute(value ? "data-yes" : "data-no");
    else if (value !== undefined && value !== null) text = (spoken[node.type] || String)(value);
    if (output.textContent !== text) output.textContent = text;
  }

  const partsOf = (row) => {
    const parts = {};
    for (const box of row.querySelectorAll("[data-field]")) parts[box.getAttribute("data-name")] = box;
    return parts;
  };
  const rowsOf = (box) => Array.from(box.querySelectorAll("[data-row]"));

  /* Follows the rules of a page. What was read of a box is kept until something in it changes. */
  function follower(rules, page) {
    const boxes = {};
    for (const box of page.querySelectorAll("[data-field]")) boxes[box.getAttribute("data-field")] = box;
    let kept = new Map();
    const reading = (box, node) => {
      if (!kept.has(box)) kept.set(box, answerOf(box, node));
      return kept.get(box);
    };
    const given = (node) => {
      const box = boxes[node.name];
      if (!box) return rules.answers[node.name];
      return node.row ? rowsOf(box).map((row) => inRow(node, partsOf(row))) : reading(box, node);
    };
    const inRow = (group, parts) => {
      const answers = {};
      for (const node of group.row) {
        if (!node.compute && parts[node.name]) answers[node.name] = reading(parts[node.name], node);
      }
      return answers;
    };
    const render = (nodes, state, find) => {
      for (const node of nodes) {
        const box = find(node.name);
        if (!box || node.condition) continue;
        if (node.show) show(box, state.visible.indexOf(node.name) >= 0);
        if (node.compute) say(box, node, state.computed[node.name]);
        const states = (node.row && state.rows[node.name]) || [];
        states.forEach((one, at) => {
          const parts = partsOf(rowsOf(box)[at]);
          render(node.row, one, (name) => parts[name]);
        });
      }
    };
    return (event) => {
      const changed = event && event.target && event.target.closest && event.target.closest("[data-field]");
      if (changed) kept.delete(changed);
      else kept = new Map();
      render(rules.order, settle(rules.order, given, rules.today), (name) => boxes[name]);
    };
  }

  // ---- rows of a group ----------------------------------------------------------------------------
  function group(box, again) {
    const list = box.querySelector("[data-rows]");
    const add = box.querySelector("[data-add]");
    const status = box.querySelector("[data-said]");
    const rows = () => rowsOf(list);
    const most = Number(box.getAttribute("data-most"));
    let next = rows().reduce((top, row) => Math.max(top, Number(row.getAttribute("data-row")) + 1), 0);

    function renumber(said) {
      rows().forEach((row, at, all) => {
        for (const name of row.querySelectorAll("[data-row-name]")) {
          name.textContent = box.getAttribute("data-row-label") + " " + (at + 1);
        }
        const tool = (verb) => row.querySelector('[value^="' + verb + ':"]');
        tool("up").hidden = at === 0;
        tool("down").hidden = at === all.length - 1;
      });
      add.hidden = rows().length >= most;
      status.textContent = said;
      again();
    }

    const first = (row) => row.querySelector("input:not([type=hidden]), select, textarea") || row;
    const named = (row) => row.querySelector("[data-row-name]").textContent;
    const moves = {
      add() {
        const html = box.querySelector("template").innerHTML.split("__row__").join(String(next));
        next += 1;
        list.insertAdjacentHTML("beforeend", html);
        const row = rows()[rows().length - 1];
        row.querySelectorAll("[data-signature]").forEach(pad);
        renumber("");
        first(row).focus();
      },
      remove(row) {
        const neighbour = row.nextElementSibling || row.previousElementSibling;
        const said = status.getAttribute("data-removed").replace("{row}", named(row));
        row.remove();
        renumber(said);
        (neighbour || add).focus();
      },
      up(row, button) {
        list.insertBefore(row, row.previousElementSibling);
        renumber(status.getAttribute("data-moved").replace("{row}", ""));
        (button.hidden ? row : button).focus();
      },
      down(row, button) {
        list.insertBefore(row.nextElementSibling, row);
        renumber(status.getAttribute("data-moved").replace("{row}", ""));
        (button.hidden ? row : button).focus();
      },
    };
    box.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=action]");
      const verb = button && button.value.split(":")[0];
      if (!moves[verb]) return;
      event.preventDefault();
      moves[verb](button.closest("[data-row]"), button);
    });
    renumber("");
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
    let again = () => {};
    const data = document.getElementById("form-rules");
    if (data) {
      const rules = JSON.parse(data.textContent);
      again = follower(rules, document);
      document.addEventListener("input", again);
      document.addEventListener("change", again);
      root.addEventListener("pageshow", () => again());
    }
    document.querySelectorAll("[data-group]").forEach((box) => group(box, () => again()));
    again();
    document.querySelectorAll("[data-signature]").forEach(pad);
    document.addEventListener("submit", guard);
    root.addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach(release));
    const summary = document.querySelector("[data-error-summary]");
    if (summary) {
      summary.setAttribute("tabindex", "-1");
      summary.focus();
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})(typeof globalThis === "object" ? globalThis : self);

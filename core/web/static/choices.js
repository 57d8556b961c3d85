/* Looks anew what can be chosen when an answer on the same page changes what fits.
 *
 * The page is sent as its button would send it, and comes back with what is offered now; only the
 * narrowed questions are renewed, so that the place on the page and what is being typed stay.
 * Without this file, or without a connection, the button does it.
 *   [data-narrowed-by="name name"]  the field; within it [data-look], the button, and [data-found],
 *                                   which tells how many fit
 *   [data-saved]                    says so aloud
 */
(function (root) {
  "use strict";

  const chosen = (box) => {
    const inputs = Array.from(box.querySelectorAll("input, select"));
    const ticked = inputs.filter((one) => one.type === "radio" || one.type === "checkbox");
    return (ticked.length ? ticked.filter((one) => one.checked) : inputs).map((one) => one.value);
  };

  function choose(box, values) {
    for (const one of box.querySelectorAll("input, select")) {
      if (one.type === "radio" || one.type === "checkbox") one.checked = values.indexOf(one.value) >= 0;
      else if (one.tagName === "INPUT" || Array.from(one.options).some((each) => each.value === values[0])) {
        one.value = values[0] || "";
      }
    }
  }

  function renew(box, fresh) {
    const held = root.document.activeElement;
    const spot = held && box.contains(held) ? [held.name, held.value] : null;
    const kept = chosen(box);
    box.innerHTML = fresh.innerHTML;
    box.className = fresh.className;
    choose(box, kept);
    if (!spot) return;
    const same = Array.from(box.querySelectorAll("input, select, button")).filter((one) => one.name === spot[0]);
    const again = same.filter((one) => one.value === spot[1])[0] || same[0] || box.querySelector("[tabindex]");
    if (again) again.focus();
  }

  function follow(form) {
    const boxes = () => Array.from(form.querySelectorAll("[data-narrowed-by]"));
    const show = (shown) => form.querySelectorAll("[data-look]").forEach((one) => (one.hidden = !shown));
    let latest = 0;

    function keep(answer, page) {
      const saved = page.querySelector('[name="draft"]');
      const seen = form.querySelector('[name="draft"]') || (saved && form.appendChild(saved.cloneNode()));
      if (saved) seen.value = saved.value;
      if (answer.redirected) {
        const url = answer.url.split("#")[0];
        form.setAttribute("action", url);
        root.history.replaceState(root.history.state, "", url);
      }
    }

    function accept(page) {
      const told = [];
      for (const box of boxes()) {
        const fresh = page.querySelector('[data-field="' + box.getAttribute("data-field") + '"]');
        if (!fresh) return show(true);
        renew(box, fresh);
        const found = box.querySelector("[data-found]");
        if (found) told.push(found.textContent);
        box.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: "looked" }));
      }
      show(false);
      const aloud = form.querySelector("[data-saved]");
      if (aloud && told.length) aloud.textContent = told.join(" ");
    }

    function look(action) {
      const turn = (latest += 1);
      root.KehouForms.inTurn(form, () => (turn === latest ? send(action, turn) : null));
    }

    function send(action, turn) {
      const data = new FormData(form);
      Array.from(data.keys()).forEach((name) => {
        if (typeof data.get(name) !== "string") data.delete(name);
      });
      data.set("action", action);
      return fetch(form.getAttribute("action") || root.location.href, { method: "POST", body: data, credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.text().then((html) => [answer, html]) : Promise.reject(answer)))
        .then(([answer, html]) => {
          const page = new root.DOMParser().parseFromString(html, "text/html");
          keep(answer, page);
          if (turn === latest) accept(page);
        })
        .catch(() => turn === latest && show(true));
    }

    form.addEventListener("change", (event) => {
      const field = event.target.closest && event.target.closest("[data-field]");
      if (!field || event.detail === "looked") return;
      const name = field.getAttribute("data-field");
      const narrowed = boxes().filter((box) => box.getAttribute("data-narrowed-by").split(" ").indexOf(name) >= 0);
      if (narrowed.length) look(narrowed[0].querySelector("[data-look]").value);
    });
    show(false);
  }

  function start() {
    if (!root.fetch || !root.FormData || !root.DOMParser || typeof root.CustomEvent !== "function") return;
    root.document.querySelectorAll("form[data-form]").forEach((form) => {
      if (form.querySelector("[data-narrowed-by]")) follow(form);
    });
  }

  if (root.document.readyState === "loading") root.document.addEventListener("DOMContentLoaded", start);
  else start();
})(self);

/* Saves a form as it is typed: two seconds after the last word, when the page is left, and again
 * when a connection that broke is back.
 *
 * The server keeps the draft; without this file it is saved at every page. Files wait for the page.
 *   form[data-autosave]     the form; its page answers to action=save with {saved, draft, url}
 *   [data-saved]            says when it was saved, in the words of data-saved-words; or that it was
 *                           not: for want of a connection (data-failed-words), or because another
 *                           device has saved it since (data-elsewhere-words)
 */
(function (root) {
  "use strict";

  const WAIT = 2000;

  function keep(form) {
    const told = form.querySelector("[data-saved]");
    let waiting = null;
    let dirty = false;
    let busy = false;

    // Not form.action: the buttons are called "action" too, and would be found instead.
    const where = () => form.getAttribute("action") || root.location.href;

    const what = () => {
      const data = new FormData(form);
      Array.from(data.keys()).forEach((name) => {
        const one = data.get(name);
        if (typeof one !== "string") data.delete(name);
      });
      data.set("action", "save");
      return data;
    };

    function accept(answer) {
      const seen = form.querySelector('[name="draft"]') || form.appendChild(document.createElement("input"));
      seen.type = "hidden";
      seen.name = "draft";
      seen.value = answer.draft;
      form.setAttribute("action", answer.url);
      root.history.replaceState(root.history.state, "", answer.url);
      told.textContent = told.dataset.savedWords + " " + answer.saved;
    }

    function send() {
      return fetch(where(), { method: "POST", body: what(), credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
        .then(accept)
        .catch((why) => {
          const elsewhere = why.status === 409;
          dirty = !elsewhere;
          told.textContent = elsewhere ? told.dataset.elsewhereWords : told.dataset.failedWords;
        });
    }

    function save() {
      waiting = null;
      if (busy || form.hasAttribute("data-sent")) return;
      dirty = false;
      busy = true;
      root.KehouForms.inTurn(form, send).then(() => {
        busy = false;
        if (dirty && !waiting) waiting = setTimeout(save, WAIT * 5);
      });
    }

    form.addEventListener("input", (event) => {
      if (event.target.type === "file") return;
      dirty = true;
      clearTimeout(waiting);
      waiting = setTimeout(save, WAIT);
    });
    root.addEventListener("online", () => {
      if (!dirty) return;
      clearTimeout(waiting);
      save();
    });
    root.addEventListener("pagehide", () => {
      if (!dirty || form.hasAttribute("data-sent") || !root.navigator.sendBeacon) return;
      root.navigator.sendBeacon(where(), what());
      dirty = false;
    });
  }

  function start() {
    if (root.fetch && root.FormData) document.querySelectorAll("form[data-autosave]").forEach(keep);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})(self);

/* What is sent of a form beside its buttons goes one after the other, each with what the one before
 * brought back; a button waits for what is under way, for sends five seconds at most.
 *   KehouForms.inTurn(form, send)   sends when it is its turn; `send` returns a promise
 *   KehouForms.awaited(work)        a promise that buttons wait for
 */
(function (root) {
  "use strict";

  const LONGEST = 5000;
  const turns = new WeakMap();
  const works = new Set();
  const after = (time) => new Promise((resolve) => setTimeout(resolve, time));

  function awaited(work) {
    const done = () => works.delete(work);
    works.add(work);
    work.then(done, done);
    return work;
  }

  function inTurn(form, send) {
    const turn = (turns.get(form) || Promise.resolve()).then(send, send);
    turns.set(form, turn);
    awaited(Promise.race([turn, after(LONGEST)]));
    return turn;
  }

  root.document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest && event.target.closest("form button");
      if (!button || button.type !== "submit" || !works.size) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      Promise.all(Array.from(works, (work) => work.catch(() => {}))).then(() => button.click());
    },
    true
  );

  root.KehouForms.inTurn = inTurn;
  root.KehouForms.awaited = awaited;
})(typeof globalThis === "object" ? globalThis : self);

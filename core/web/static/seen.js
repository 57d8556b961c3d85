/* Whoever moves on a page that they were sent has seen it: what a preview fetches never moves. */
(function () {
  "use strict";

  const form = document.querySelector("[data-seen]");
  const acts = ["pointerdown", "touchstart", "wheel", "keydown"];
  if (!form) {
    return;
  }
  const body = new FormData(form);

  function tell(event) {
    if (!event.isTrusted || form.contains(event.target)) {
      return;
    }
    acts.forEach((act) => removeEventListener(act, tell));
    fetch(form.action, { method: "POST", body: body, redirect: "manual", credentials: "same-origin" }).then(
      (answer) => {
        if (answer.type === "opaqueredirect") {
          const noted = document.createElement("p");
          noted.className = form.className;
          noted.setAttribute("role", "status");
          noted.textContent = form.dataset.seen;
          form.replaceWith(noted);
        }
      },
      () => {},
    );
  }

  acts.forEach((act) => addEventListener(act, tell, { passive: true }));
})();

/* A button beside a text copies it; without a script the text is selected and copied by hand. */
(function () {
  "use strict";

  for (const button of document.querySelectorAll("[data-copy]")) {
    const text = document.getElementById(button.dataset.copy);
    const told = button.parentElement.querySelector("[data-copied]");
    button.hidden = false;
    button.addEventListener("click", () => {
      text.select();
      const done = () => {
        told.hidden = false;
      };
      if (navigator.clipboard) {
        navigator.clipboard.writeText(text.value).then(done, () => {});
      } else if (document.execCommand("copy")) {
        done();
      }
    });
  }
})();

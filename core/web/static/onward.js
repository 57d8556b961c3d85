/* A page of long work goes on by itself: its form is sent as its button would, once it was seen. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-onward]");
  if (form) setTimeout(() => form.querySelector("button").click(), 400);
})();

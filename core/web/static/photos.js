/* Photos made small before they are sent: long side 2000, JPEG, upright, without the place where
 * they were taken. A picture that this browser cannot read (HEIC in most) goes as it is.
 *   input[type=file][data-photos]     whose field wrapper holds a [data-progress] line; its form
 *                                     has the words: data-working, data-done, data-as-is
 */
(function (root) {
  "use strict";

  const LONG_SIDE = 2000;
  const QUALITY = 0.85;
  const PICTURE = /^image\/|\.(hei[cf]|jpe?g|png|webp|bmp|gif)$/i;
  const isPicture = (file) => PICTURE.test(file.type) || PICTURE.test(file.name);

  function loaded(file) {
    return new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => resolve(image);
      image.onerror = reject;
      image.src = URL.createObjectURL(file);
    });
  }

  function drawn(image) {
    const [width, height] = [image.naturalWidth, image.naturalHeight];
    const scale = Math.min(1, LONG_SIDE / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  }

  /* The small photo, or the file itself where it is no picture that this browser can read. */
  async function small(file) {
    if (!isPicture(file)) return file;
    let image = null;
    try {
      image = await loaded(file);
      const blob = await drawn(image);
      if (!blob || (file.type === "image/png" && blob.size >= file.size)) return file;
      return new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
    } catch (error) {
      return file;
    } finally {
      if (image) URL.revokeObjectURL(image.src);
    }
  }

  const size = (bytes) =>
    bytes < 1e6 ? Math.max(1, Math.round(bytes / 1024)) + " KB" : (bytes / 1048576).toFixed(1) + " MB";

  async function shrink(input, line) {
    const given = Array.from(input.files);
    const said = (name) => input.form.getAttribute(name) || "";
    if (!given.some(isPicture)) return;
    const kept = new DataTransfer();
    for (const [at, file] of given.entries()) {
      line.textContent = said("data-working").replace("{n}", at + 1).replace("{of}", given.length);
      kept.items.add(await small(file));
    }
    input.files = kept.files;
    const files = Array.from(input.files);
    const words = files.some((one, at) => one !== given[at]) ? "data-done" : "data-as-is";
    const bytes = files.reduce((sum, one) => sum + one.size, 0);
    line.textContent = said(words).replace("{size}", size(bytes));
  }

  /* A form sent while a photo is still being made small goes when it is done. */
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches || !input.matches("input[type=file][data-photos]") || !root.DataTransfer) return;
    const line = input.closest("[data-field]").querySelector("[data-progress]");
    const work = shrink(input, line).catch(() => {
      line.textContent = "";
    });
    root.KehouForms.awaited(work);
  });
})(typeof globalThis === "object" ? globalThis : self);

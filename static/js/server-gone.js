/* Says when the server has stopped, and takes it back when it answers again. */
const bar = document.querySelector(".server-gone");

document.addEventListener("htmx:sendError", () => show(true));
document.addEventListener("htmx:afterOnLoad", () => show(false));

let timer;

function show(gone) {
  if (!bar) return;
  bar.hidden = !gone;
  clearTimeout(timer);
  if (gone) timer = setTimeout(ask, 2000);
}

async function ask() {
  try {
    await fetch(document.querySelector("link[rel=icon]").href, { cache: "no-store" });
    show(false);
  } catch {
    show(true);
  }
}

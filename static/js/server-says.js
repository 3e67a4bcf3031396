/* Says when the server has stopped, and takes it back when it answers again; and says when it refused a request. */
const gone = document.querySelector(".server-says.gone");
const refused = document.querySelector(".server-says.refused");

document.addEventListener("htmx:sendError", () => sayGone(true));
document.addEventListener("htmx:responseError", () => (refused.hidden = false));
document.addEventListener("htmx:afterOnLoad", (event) => {
  sayGone(false);
  if (event.detail.successful) refused.hidden = true;
});

let timer;

function sayGone(yes) {
  gone.hidden = !yes;
  clearTimeout(timer);
  if (yes) timer = setTimeout(ask, 2000);
}

async function ask() {
  try {
    await fetch(document.querySelector("link[rel=icon]").href, { cache: "no-store" });
    sayGone(false);
  } catch {
    sayGone(true);
  }
}

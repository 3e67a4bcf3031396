/* Logging in gives the browser a new CSRF token, also when it happens in the lab's frame: forms that are open take it. */
document.addEventListener(
  "submit",
  (event) => {
    const field = event.target.elements.namedItem("csrfmiddlewaretoken");
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (field && cookie) field.value = cookie[1];
  },
  { capture: true },
);

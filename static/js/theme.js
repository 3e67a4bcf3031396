/* Before the first paint: the theme and the presenter's size that were chosen earlier. Loaded without defer. */
(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("theme");
    if (theme) root.dataset.theme = theme;
    if (sessionStorage.getItem("presenter")) root.dataset.presenter = "";
  } catch {
    /* Storage is switched off: the system's theme is used. */
  }
})();

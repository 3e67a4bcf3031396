import { local, remember } from "../storage.js";

/* <theme-toggle> around a button: light, dark. Remembers the choice. */
class ThemeToggle extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.button.hidden = false;
    this.button.addEventListener("click", this);
    document.addEventListener("toggle-theme", this);
    this.say();
  }

  disconnectedCallback() {
    document.removeEventListener("toggle-theme", this);
  }

  get dark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  handleEvent() {
    document.documentElement.dataset.theme = this.dark ? "light" : "dark";
    remember(local, "theme", document.documentElement.dataset.theme);
    this.say();
  }

  say() {
    this.button.setAttribute("aria-label", this.dark ? "Theme: dark. Change to light" : "Theme: light. Change to dark");
  }
}

customElements.define("theme-toggle", ThemeToggle);

import { remember, session } from "../storage.js";

/* <presenter-toggle> around a button: everything larger, without the header. P or Escape brings the header back. */
class PresenterToggle extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.button.hidden = false;
    this.button.addEventListener("click", this);
    document.addEventListener("toggle-presenter", this);
    document.addEventListener("keydown", this);
    this.say();
  }

  disconnectedCallback() {
    document.removeEventListener("toggle-presenter", this);
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    const root = document.documentElement;
    const presenting = "presenter" in root.dataset;
    if (event.type === "keydown" && !(event.key === "Escape" && presenting)) return;
    root.toggleAttribute("data-presenter", !presenting);
    remember(session, "presenter", presenting ? null : "on");
    this.say();
  }

  say() {
    const presenting = "presenter" in document.documentElement.dataset;
    this.button.querySelector("span").textContent = presenting ? "Leave presenter" : "Presenter";
  }
}

customElements.define("presenter-toggle", PresenterToggle);

import { local, recall, remember } from "../storage.js";

/* <key-help> around a button and a dialog: the single keys of the site, and the switch that turns them off. */
const KEYS = {
  t: () => document.dispatchEvent(new Event("toggle-theme")),
  p: () => document.dispatchEvent(new Event("toggle-presenter")),
  n: () => document.querySelector("a[rel=next]")?.click(),
  b: () => document.querySelector("a[rel=prev]")?.click(),
};

class KeyHelp extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.button = this.querySelector("button");
    this.switch = this.querySelector("input[type=checkbox]");
    this.button.hidden = false;
    this.switch.checked = recall(local, "keys") !== "off";
    this.button.addEventListener("click", () => this.dialog.showModal());
    this.switch.addEventListener("change", () => remember(local, "keys", this.switch.checked ? null : "off"));
    document.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    const typing = event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
    if (!this.switch.checked || typing || event.ctrlKey || event.metaKey || event.altKey || this.dialog.open) return;
    if (event.key === "?") this.dialog.showModal();
    else KEYS[event.key.toLowerCase()]?.();
  }
}

customElements.define("key-help", KeyHelp);

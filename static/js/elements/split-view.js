import { local, recall, remember } from "../storage.js";

/* <split-view> with two panes and a [role=separator] between them: drag it, or move it with the arrow keys. */
const LEAST = 25;
const MOST = 50;

class SplitView extends HTMLElement {
  connectedCallback() {
    this.divider = this.querySelector("[role=separator]");
    this.divider.hidden = false;
    this.set(Number(recall(local, "split")) || 44);
    this.divider.addEventListener("pointerdown", (event) => this.divider.setPointerCapture(event.pointerId));
    this.divider.addEventListener("pointermove", this);
    this.divider.addEventListener("keydown", this);
  }

  handleEvent(event) {
    if (event.type === "keydown") {
      const step = { ArrowLeft: -2, ArrowRight: 2, Home: LEAST - this.share, End: MOST - this.share }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      this.set(this.share + step);
    } else if (this.divider.hasPointerCapture(event.pointerId)) {
      const box = this.getBoundingClientRect();
      this.set(((event.clientX - box.left) / box.width) * 100);
    }
    remember(local, "split", String(this.share));
  }

  set(share) {
    this.share = Math.round(Math.min(MOST, Math.max(LEAST, share)));
    this.style.setProperty("--split", `${this.share}%`);
    for (const [name, value] of [["valuenow", this.share], ["valuemin", LEAST], ["valuemax", MOST]]) {
      this.divider.setAttribute(`aria-${name}`, value);
    }
  }
}

customElements.define("split-view", SplitView);

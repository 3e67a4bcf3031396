/*
 * <live-rows src="/_ui/rows/" stream="/_ui/rows/stream/">: rows that are asked for again when the database changed.
 *
 * What it shows stays the answer to the same question. A row that is new or other than before is marked for a moment,
 * and the focus and the place in the list stay where they were. It says so with an event: rows-changed.
 */
import { oneAtATime, whenChanged } from "../changes.js";

class LiveRows extends HTMLElement {
  connectedCallback() {
    this.version = "";
    this.texts = new Map();
    this.reveal();
    this.stop = whenChanged(this.getAttribute("stream"), oneAtATime(() => this.look()));
  }

  disconnectedCallback() {
    this.stop();
  }

  /* Bring the row that is open into sight. Only the list's own box is scrolled, never the page. */
  reveal() {
    const row = this.querySelector("[aria-current]");
    const box = [row?.parentElement, this].find((each) => each && getComputedStyle(each).overflowY !== "visible");
    if (!row || !box) return;
    const [its, seen] = [row.getBoundingClientRect(), box.getBoundingClientRect()];
    if (its.top < seen.top || its.bottom > seen.bottom) box.scrollTop += its.top - seen.top;
  }

  async look() {
    if (!this.isConnected || document.hidden) return;
    const address = new URL(this.getAttribute("src"), location);
    address.searchParams.set("have", this.version);
    const response = await fetch(address);
    if (response.status === 200) this.show(response.headers.get("X-Rows-Version"), await response.text());
  }

  show(version, html) {
    const focused = this.contains(document.activeElement) ? document.activeElement.id : "";
    const place = this.querySelector(".row-list")?.scrollTop ?? 0;
    const template = document.createElement("template");
    template.innerHTML = html;
    const texts = new Map();
    for (const row of template.content.querySelectorAll(".row-list > li")) {
      const id = row.querySelector("a").id;
      texts.set(id, row.textContent);
      if (this.version && this.texts.get(id) !== row.textContent) row.classList.add("fresh");
    }
    this.replaceChildren(template.content);
    this.querySelector(".row-list")?.scrollTo({ top: place, behavior: "instant" });
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    if (this.version) this.dispatchEvent(new CustomEvent("rows-changed", { bubbles: true }));
    this.version = version;
    this.texts = texts;
  }
}

customElements.define("live-rows", LiveRows);

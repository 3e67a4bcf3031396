/*
 * <row-history stream="/_ui/rows/stream/">: each write to a row as a line, newest first, while the page is open.
 *
 * The form in it holds what the page saw last. When something changed it is sent, and what comes back is one line, with
 * what is to be sent the next time. Two writes between two looks are one line. What the page says of the row beside it
 * is old from then on, and is marked so.
 */
import { oneAtATime, whenChanged } from "../changes.js";

const MOST = 100; // lines that are kept

class RowHistory extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.list = this.querySelector("ol");
    this.form.querySelector("button").hidden = true;
    this.querySelector(".watching").hidden = false;
    this.addEventListener("expired", () => this.outdate());
    this.stop = whenChanged(this.getAttribute("stream"), oneAtATime(() => this.look()));
  }

  disconnectedCallback() {
    this.stop();
  }

  get shown() {
    return this.closest(".the-row");
  }

  async look() {
    if (!this.isConnected || document.hidden) return;
    const sent = new FormData(this.form);
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (cookie) sent.set("csrfmiddlewaretoken", cookie[1]);
    sent.set("script", "yes");
    const response = await fetch(this.form.action, { method: "POST", body: sent });
    if (response.status === 200) this.show(await response.text());
  }

  show(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const line = template.content.querySelector("li");
    const now = line.querySelector(".now");
    for (const part of [".seen", ".expiry"]) this.querySelector(part).replaceWith(now.querySelector(part));
    now.remove();
    line.classList.add("fresh");
    this.list.prepend(line);
    if (this.list.childElementCount > MOST) this.list.lastElementChild.remove();
    this.outdate();
    for (const action of this.shown.querySelectorAll("[data-needs-row]")) action.hidden = line.matches(".deleted");
    this.dispatchEvent(new CustomEvent("row-changed", { bubbles: true }));
  }

  outdate() {
    this.shown.classList.add("as-it-was");
    this.shown.querySelector(".outdated").hidden = false;
  }
}

customElements.define("row-history", RowHistory);

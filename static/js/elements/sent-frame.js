/*
 * <sent-frame> around forms and the iframe that their answers go to: the frame is shown from the first request on, and
 * a note that says what the row holds gives way to the element's template, since the request may have written to it.
 */
class SentFrame extends HTMLElement {
  connectedCallback() {
    this.page = this.querySelector("iframe");
    this.page?.addEventListener("load", this);
    this.addEventListener("submit", this);
  }

  handleEvent(event) {
    if (event.type === "submit") this.show(event.target.target === this.page?.name);
    else if (this.page.contentWindow.location.href !== "about:blank") this.loaded();
  }

  show(sent) {
    this.toggleAttribute("data-sent", sent || "sent" in this.dataset);
  }

  loaded() {
    this.show(true);
    document.querySelector("#wrote")?.replaceChildren(this.querySelector("template").content.cloneNode(true));
  }
}

customElements.define("sent-frame", SentFrame);

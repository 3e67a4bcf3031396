/*
 * <lab-frame browser="yours" state="/_ui/…">: the lab of one browser.
 *
 * Your own browser's requests are real navigations of the iframe, so that DevTools shows them as they are. After each,
 * the jar, the flight and the goals are asked for again; the page in the iframe is left alone.
 */
class LabFrame extends HTMLElement {
  connectedCallback() {
    if (this.getAttribute("browser") !== "yours") return;
    this.page = this.querySelector("iframe");
    this.page.addEventListener("load", this);
    this.addEventListener("submit", this);
    document.addEventListener("visibilitychange", this);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this);
  }

  handleEvent(event) {
    if (event.type === "load") this.loaded();
    else if (event.type === "visibilitychange") document.hidden || this.refresh();
    else if (event.target.target === "lab-page" && event.target.method === "get") this.send(event);
  }

  /* A GET replaces the page instead of adding to the history: Back leads to where the learner was before. */
  send(event) {
    event.preventDefault();
    const address = new URL(event.target.action);
    address.search = new URLSearchParams(new FormData(event.target));
    this.page.contentWindow.location.replace(address);
  }

  loaded() {
    if (this.page.contentWindow.location.href === "about:blank") return;
    this.dataset.visited = "";
    this.refresh();
  }

  /* Also when the learner comes back from another tab, where the same browser may have been in a lab. */
  refresh() {
    window.htmx.ajax("GET", this.getAttribute("state"), { target: "#lab-state", swap: "outerHTML" });
  }
}

customElements.define("lab-frame", LabFrame);

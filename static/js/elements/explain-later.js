/* <explain-later> around a <details>: opens it once no prediction before it is left to make. */
class ExplainLater extends HTMLElement {
  connectedCallback() {
    this.had = this.waiting;
    document.addEventListener("htmx:afterSettle", this);
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:afterSettle", this);
  }

  get waiting() {
    return [...document.querySelectorAll(".prediction form")].some(
      (form) => form.compareDocumentPosition(this) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
  }

  handleEvent() {
    if (this.had && !this.waiting) this.querySelector("details").open = true;
    this.had = this.waiting;
  }
}

customElements.define("explain-later", ExplainLater);

/*
 * <live-rows src="/_ui/rows/" stream="/_ui/rows/stream/">: rows that are asked for again when the database changed.
 *
 * The stream only says that something happened. While the tab is hidden nothing is asked: browsers allow six
 * connections to a server, and a class has many tabs.
 */
class LiveRows extends HTMLElement {
  connectedCallback() {
    this.version = "";
    document.addEventListener("visibilitychange", this);
    this.handleEvent();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this);
    this.close();
  }

  handleEvent() {
    if (document.hidden) this.close();
    else this.open();
  }

  open() {
    if (this.source) return;
    this.source = new EventSource(this.getAttribute("stream"));
    this.source.onmessage = () => this.look();
  }

  close() {
    this.source?.close();
    this.source = null;
  }

  async look() {
    if (this.looking) {
      this.again = true;
      return;
    }
    this.looking = true;
    try {
      const address = new URL(this.getAttribute("src"), location);
      address.searchParams.set("have", this.version);
      const response = await fetch(address);
      if (response.status === 200) this.show(response.headers.get("X-Rows-Version"), await response.text());
    } catch {
      /* The server is gone; EventSource comes back by itself, and then we look again. */
    }
    this.looking = false;
    if (this.again) {
      this.again = false;
      this.look();
    }
  }

  show(version, html) {
    const focused = this.contains(document.activeElement) ? document.activeElement.id : "";
    const before = new Map([...this.querySelectorAll("li")].map((row) => [row.querySelector("a")?.id, row.textContent]));
    this.innerHTML = html;
    for (const row of this.querySelectorAll("li")) {
      const id = row.querySelector("a")?.id;
      if (this.version && before.get(id) !== row.textContent) row.classList.add("fresh");
    }
    if (focused) document.getElementById(focused)?.focus();
    this.version = version;
  }
}

customElements.define("live-rows", LiveRows);

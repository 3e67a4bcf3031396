/* <copy-code> around a <pre> and a hidden button: the button copies what the <pre> says. */
class CopyCode extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.button.hidden = false;
    this.button.addEventListener("click", this);
  }

  disconnectedCallback() {
    this.button.removeEventListener("click", this);
  }

  async handleEvent() {
    const code = this.querySelector("pre");
    try {
      await navigator.clipboard.writeText(code.textContent);
      this.say("Copied");
    } catch {
      getSelection().selectAllChildren(code); // no clipboard without https: select it, and the keys of the system copy
      this.say("Selected: now copy it");
    }
  }

  say(words) {
    this.button.textContent = words;
    document.getElementById("announcer").textContent = `${words}.`;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.button.textContent = "Copy"), 2000);
  }
}

customElements.define("copy-code", CopyCode);

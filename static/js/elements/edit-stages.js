/*
 * <edit-stages action="/_ui/edit/follow/"> around the stages of one value: while somebody types into one, the others
 * follow. The server does the work, as it does for the buttons that stand there without JavaScript.
 */
const PAUSE = 250; // milliseconds without a key, before the server is asked

class EditStages extends HTMLElement {
  connectedCallback() {
    this.settle(this);
    this.addEventListener("input", this);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  handleEvent(event) {
    this.asking?.abort(); // an answer to what was typed before is of no use
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.follow(event.target.name), PAUSE);
  }

  async follow(stage) {
    this.asking = new AbortController();
    const body = new FormData(this.closest("form"));
    body.set("stage", stage);
    try {
      const response = await fetch(this.getAttribute("action"), { method: "POST", body, signal: this.asking.signal });
      if (!response.ok) return this.say("The server refused that. Nothing followed; reload the page to go on.");
      this.show(stage, new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch (error) {
      if (error.name !== "AbortError") this.say("This server does not answer. What you typed is still here.");
    }
  }

  /* Values and notes are put where they belong, one by one: the field in which somebody types is not touched. */
  show(stage, answer) {
    for (const field of answer.querySelectorAll("[name]:not(button)")) {
      const here = this.querySelector(`[name="${field.name}"]`);
      if (field.name !== stage && here.value !== field.value) here.value = field.value;
    }
    for (const note of answer.querySelectorAll(".note")) this.querySelector(`#${note.id}`).textContent = note.textContent;
    this.settle(answer);
    const note = answer.querySelector(`#note-${stage}`)?.textContent;
    this.say(note || "The other stages followed.");
  }

  /* Nobody has to press "Follow from here", but where two stages were changed: then it says which one is meant. */
  settle(stages) {
    this.toggleAttribute("data-live", !stages.querySelector("[data-unsettled]"));
  }

  say(sentence) {
    document.querySelector("#announcer").textContent = sentence;
  }
}

customElements.define("edit-stages", EditStages);

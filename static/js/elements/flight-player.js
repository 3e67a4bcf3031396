import { local, recall } from "../storage.js";

/*
 * <flight-player> around one flight, every hop of it already on the page: steps through them without asking the server.
 *
 * A long flight comes in windows; the next one is fetched before it is needed. On the flight's own page the address
 * keeps the place. Each step says itself politely, and sends `flight-step` with its number.
 */
const PAUSE = 2200; // milliseconds between two steps of Play
const NEAR = 40; // steps from the edge of the window at which its neighbour is fetched
const BETWEEN_ADDRESSES = 350; // milliseconds; browsers refuse an address that changes too often
const KEYS = { " ": 1, ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
const PRESSED_BY_SPACE = "button, input, select, textarea, summary";

class FlightPlayer extends HTMLElement {
  connectedCallback() {
    for (const type of ["click", "input", "submit"]) this.addEventListener(type, this);
    this.keyed = document.body.matches(".flight-page") ? document : this; // on its own page, the keys are the player's
    this.keyed.addEventListener("keydown", this);
    this.resized = new ResizeObserver(() => this.place());
    this.resized.observe(this);
    this.fetched = new Map();
    this.begin();
  }

  disconnectedCallback() {
    this.keyed.removeEventListener("keydown", this);
    this.resized.disconnect();
    this.stop();
  }

  /* Take up what is on the page now: at first, and after another window or zoom has come. */
  begin() {
    this.card = this.querySelector(".player-card");
    if (!this.card) return;
    this.hops = [...this.querySelectorAll(".hop")];
    this.moments = byNumber(this.querySelectorAll(".moment"), "moment");
    this.sources = byNumber(this.querySelectorAll(".sources figure"), "function");
    for (const link of this.querySelectorAll(".hop-label")) link.tabIndex = -1; // the list is one stop for Tab
    for (const button of this.querySelectorAll(".play, .speed")) button.hidden = false;
    this.querySelector(".copy").hidden = !navigator.clipboard;
    this.showPlaying();
    this.show(this.querySelector(".hop[aria-current]"), { silent: true });
  }

  handleEvent(event) {
    if (this.card) this[`on${event.type}`](event);
  }

  onsubmit(event) {
    event.preventDefault();
  }

  oninput(event) {
    if (event.target.matches(".scrubber input")) this.move(Number(event.target.value));
  }

  onkeydown(event) {
    const by = KEYS[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey || recall(local, "keys") === "off") return;
    if (event.target.matches(event.key === " " ? PRESSED_BY_SPACE : "input[type=range]")) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.stop();
    this.move(this.number + by);
  }

  onclick(event) {
    const button = event.target.closest("button");
    if (button?.matches(".play")) this.timer ? this.stop() : this.play();
    else if (button?.matches(".speed")) this.hurry(button);
    else if (button?.matches(".copy")) this.copy();
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || "download" in link.attributes) return;
    event.preventDefault();
    this.stop();
    this.follow(link);
  }

  follow(link) {
    if (link.matches(".step-next")) this.move(this.number + 1);
    else if (link.matches(".step-back")) this.move(this.number - 1);
    else if (link.matches(".hop-label")) this.show(link.closest(".hop"));
    else if (link.dataset.why) this.why(link.dataset.why);
    else this.go(link.matches("[data-keep]") ? this.withPlace(link.href) : link.href);
  }

  get number() {
    return Number(this.now.dataset.number);
  }

  get total() {
    return Number(this.card.dataset.total);
  }

  /* Go to a step by its number; outside the window, the server is asked. */
  move(number) {
    number = Math.min(this.total, Math.max(1, number));
    if (number === this.number) return;
    const hop = this.hopAt(number);
    if (hop) this.show(hop);
    else this.go(this.addressOf(number));
  }

  hopAt(number) {
    return this.hops[number - Number(this.hops[0].dataset.number)];
  }

  addressOf(number) {
    if (number === Number(this.hops[0].dataset.number) - 1) return this.card.dataset.earlier;
    if (number === Number(this.hops.at(-1).dataset.number) + 1) return this.card.dataset.later;
    return `${this.card.dataset.here}&step=${number}`;
  }

  withPlace(href) {
    const address = new URL(href);
    address.searchParams.set("at", this.now.dataset.at);
    return address.href;
  }

  /* Why is this here? Lead to the last hop, from here backwards, that changed it. */
  why(what) {
    for (let number = this.number; this.hopAt(number); number -= 1) {
      const hop = this.hopAt(number);
      if (hop.matches(`.from-${CSS.escape(what)}, .to-${CSS.escape(what)}`) || tokensOf(hop).includes(what)) {
        return hop === this.now ? this.answer("This step changed it.") : this.show(hop);
      }
    }
    if (this.card.dataset.earlier) this.go(this.whyAddress(what));
    else this.answer("Nothing in this flight has changed it so far.");
  }

  /* Say it, and show it for a while where it says what can be chosen. */
  answer(text) {
    const line = this.querySelector(".why-hint");
    this.hint ??= line.textContent;
    line.textContent = text;
    clearTimeout(this.answered);
    this.answered = setTimeout(() => (line.textContent = this.hint), 4000);
    say(text);
  }

  whyAddress(what) {
    return `${this.card.dataset.here}&${new URLSearchParams({ at: this.now.dataset.at, why: what })}`;
  }

  /* Showing a step */

  show(hop, { silent = false } = {}) {
    this.now?.removeAttribute("aria-current");
    this.now = hop;
    hop.setAttribute("aria-current", "step");
    this.showTold(hop);
    this.showSource(hop.dataset);
    this.showMoment(hop.dataset.moment, tokensOf(hop));
    this.showControls();
    this.showActors(hop);
    this.place();
    this.fetchNeighbours();
    if (silent) return;
    this.keepInSight();
    this.keepAddress();
    say(`Step ${this.number} of ${this.total}. ${hop.querySelector(".caption").textContent}`);
    this.dispatchEvent(new CustomEvent("flight-step", { bubbles: true, detail: { number: this.number } }));
  }

  /* Hops out of sight have no height of their own until they come near: then the place is looked for once more. */
  place(times = 3) {
    if (!this.now) return;
    const list = this.querySelector(".hop-scroll");
    bringIntoView(list, this.now, this.querySelector(".lane-heads").offsetHeight);
    if (this.line) bringIntoView(this.figure.querySelector("pre"), this.line, 0);
    if (times > 1) requestAnimationFrame(() => this.place(times - 1));
  }

  showTold(hop) {
    const told = this.querySelector(".told-now");
    this.querySelector(".told-number b").textContent = this.number;
    this.querySelector(".told-way").replaceChildren(...copies(hop, ".hop-ways"));
    this.querySelector(".told-title code").textContent = hop.querySelector(".hop-title").textContent;
    told.replaceChildren(...copies(hop, ".details-told"));
    told.scrollTop = 0;
    this.querySelector(".names-now").replaceChildren(...copies(hop, ".details-names"));
  }

  showSource({ function: number, line }) {
    const figure = this.sources.get(number);
    if (this.figure !== figure) {
      for (const each of this.sources.values()) each.hidden = each !== figure;
      this.figure = figure;
    }
    this.querySelector(".no-source").hidden = Boolean(figure);
    this.line?.classList.remove("runs");
    this.line = figure?.querySelector(`.line[data-number="${line}"]`);
    this.line?.classList.add("runs");
  }

  showMoment(number, tokens) {
    if (this.moment) this.moment.hidden = true;
    this.moment = this.moments.get(number);
    this.moment.hidden = false;
    for (const link of this.moment.querySelectorAll("[data-why]")) {
      const changed = tokens.includes(link.dataset.why);
      link.classList.toggle("changed", changed);
      if (changed) bringIntoView(link.closest("dd"), link, 0);
      link.href = this.whyAddress(link.dataset.why);
    }
  }

  showControls() {
    const { number, total } = this;
    const range = this.querySelector(".scrubber input[type=range]");
    range.value = number;
    range.setAttribute("aria-valuetext", `Step ${number} of ${total}: ${this.now.querySelector(".hop-title").textContent}`);
    this.querySelector(".count b").textContent = number;
    this.lead(this.querySelector(".step-back"), number - 1);
    this.lead(this.querySelector(".step-next"), number + 1);
    if (number === total) this.stop();
  }

  /* At either end a link leads nowhere else; it stays a link, so that it does not lose the focus. */
  lead(link, number) {
    const there = number >= 1 && number <= this.total;
    link.href = this.hrefOf(there ? number : this.number);
    link.setAttribute("aria-disabled", String(!there));
  }

  hrefOf(number) {
    return this.hopAt(number)?.querySelector(".hop-label").href ?? this.addressOf(number);
  }

  showActors(hop) {
    for (const head of this.querySelectorAll(".lane-head")) {
      head.href = this.whyAddress(head.dataset.why);
      head.classList.toggle("active", hop.matches(`.from-${head.dataset.why}, .to-${head.dataset.why}`));
    }
  }

  /* On a phone the page scrolls, until what the step says is above the controls: with the list, if there is room. */
  keepInSight() {
    const told = this.querySelector(".told");
    const { top } = told.getBoundingClientRect();
    const room = Math.min(this.querySelector(".player-controls").getBoundingClientRect().top, innerHeight);
    const list = this.querySelector(".hop-scroll");
    if (top < 0 || top + 140 > room) (list.offsetHeight + 140 > room ? told : list).scrollIntoView({ block: "start" });
  }

  /* On the flight's own page a reload, a bookmark and the address bar lead to this step. */
  keepAddress() {
    clearTimeout(this.keeping);
    if (this.card.dataset.path !== location.pathname) return;
    const wait = (this.kept ?? 0) + BETWEEN_ADDRESSES - Date.now();
    if (wait > 0) {
      this.keeping = setTimeout(() => this.keepAddress(), wait);
    } else {
      this.kept = Date.now();
      history.replaceState(history.state, "", this.hrefOf(this.number));
    }
  }

  async copy() {
    await navigator.clipboard.writeText(this.hrefOf(this.number));
    say("Address copied.");
    const button = this.querySelector(".copy");
    const text = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = text), 1500);
  }

  /* Playing */

  play() {
    if (this.number === this.total) this.move(1);
    this.timer = setInterval(() => this.move(this.number + 1), this.fast ? PAUSE / 2 : PAUSE);
    this.showPlaying();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    if (this.card) this.showPlaying();
  }

  hurry(button) {
    this.fast = !this.fast;
    button.setAttribute("aria-pressed", String(this.fast));
    if (!this.timer) return;
    clearInterval(this.timer);
    this.play();
  }

  showPlaying() {
    this.querySelector(".play").textContent = this.timer ? "Pause" : "Play";
    this.querySelector(".speed").setAttribute("aria-pressed", String(Boolean(this.fast)));
  }

  /* Other windows and zooms */

  fetchNeighbours() {
    const { earlier, later } = this.card.dataset;
    const first = Number(this.hops[0].dataset.number);
    if (earlier && this.number - first < NEAR) this.page(earlier);
    if (later && first + this.hops.length - this.number < NEAR) this.page(later);
  }

  /* Ask for a page once; what has been asked for is kept until it is shown. */
  page(address) {
    if (!this.fetched.has(address)) this.fetched.set(address, ask(address));
    return this.fetched.get(address);
  }

  async go(address) {
    const asked = (this.asked = this.page(address));
    this.setAttribute("aria-busy", "true");
    const text = await asked;
    this.fetched.delete(address);
    if (asked !== this.asked) return; // meanwhile something else was asked for
    this.removeAttribute("aria-busy");
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("flight-player");
    if (!fresh) return;
    const kept = document.activeElement?.dataset?.keep ?? (this.contains(document.activeElement) ? "scroll" : "");
    const level = this.querySelector(".told-title").ariaLevel;
    this.now = this.moment = this.line = this.figure = null;
    this.replaceChildren(...fresh.childNodes);
    this.querySelector(".told-title").ariaLevel = level;
    this.begin();
    this.keepAddress();
    say(`Step ${this.number} of ${this.total}. ${this.now.querySelector(".caption").textContent}`);
    if (kept) (this.querySelector(`[data-keep="${kept}"]`) ?? this.querySelector(".hop-scroll")).focus({ preventScroll: true });
  }
}

const byNumber = (elements, name) => new Map([...elements].map((each) => [each.dataset[name], each]));

const copies = (hop, selector) => hop.querySelector(selector).cloneNode(true).childNodes;

const tokensOf = (hop) => JSON.parse(hop.dataset.tokens);

async function ask(address) {
  try {
    const response = await fetch(address, { headers: { "HX-Request": "true" } });
    return response.ok ? await response.text() : "";
  } catch {
    document.dispatchEvent(new Event("htmx:sendError")); // the page says that the server has stopped
    return "";
  }
}

/* Scroll inside a box, never the page; only as far as what is new would be out of sight or at the edge. */
function bringIntoView(box, element, above) {
  const from = element.offsetTop - above;
  const room = box.clientHeight - above;
  const edge = Math.min(60, room / 5);
  if (from >= box.scrollTop + edge && from + element.offsetHeight <= box.scrollTop + room - edge) return;
  box.scrollTop = from - Math.max(edge, (room - element.offsetHeight) * 0.6);
}

function say(text) {
  document.getElementById("announcer").textContent = text;
}

customElements.define("flight-player", FlightPlayer);

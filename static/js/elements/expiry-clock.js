/*
 * <expiry-clock>expires <time datetime="…">a date</time></expiry-clock>: says "in 13 days 23 h" behind the date.
 *
 * When the date has come it sends the event "expired". One timer serves all clocks on a page.
 */
const clocks = new Set();
const UNITS = [
  ["day", 86400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];
let timer;

/* Say seconds in the two largest units, rounded to the smaller: "13 days 23 h", and "14 days" a second before that. */
export function inWords(exact) {
  const largest = UNITS.findIndex(([, length]) => exact >= length);
  if (largest < 0) return "0 s";
  const smaller = UNITS[largest + 1]?.[1] ?? 1;
  const seconds = Math.round(exact / smaller) * smaller;
  const first = UNITS.findIndex(([, length]) => seconds >= length);
  return UNITS.slice(first, first + 2)
    .map(([unit, length], place) => {
      const number = Math.floor((place ? seconds % UNITS[first][1] : seconds) / length);
      return number || !place ? `${number} ${unit}${unit === "day" && number !== 1 ? "s" : ""}` : "";
    })
    .filter(Boolean)
    .join(" ");
}

class ExpiryClock extends HTMLElement {
  connectedCallback() {
    this.date = Date.parse(this.querySelector("time").dateTime);
    if (!this.words) {
      this.words = document.createElement("span");
      this.words.className = "clock";
      this.append(", ", this.words);
    }
    clocks.add(this);
    this.tell();
    timer ??= setInterval(() => clocks.forEach((clock) => document.hidden || clock.tell()), 1000);
  }

  disconnectedCallback() {
    clocks.delete(this);
    if (clocks.size) return;
    clearInterval(timer);
    timer = undefined;
  }

  tell() {
    const live = Date.now() < this.date;
    if (this.live && !live) this.dispatchEvent(new Event("expired", { bubbles: true }));
    this.live = live;
    const left = Math.round((this.date - Date.now()) / 1000);
    const words = inWords(Math.abs(left));
    const said = left > 0 ? `in ${words}` : `${words} ago`;
    if (this.words.textContent !== said) this.words.textContent = said;
  }
}

customElements.define("expiry-clock", ExpiryClock);

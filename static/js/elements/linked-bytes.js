/*
 * <linked-bytes> around the stages of one value. Each part carries data-link="axis start end": its place on a line that
 * stages share. Pointing at a part, focusing it, tapping it or selecting a range lights what it came from and what it
 * became. The server lights by the same rule (session_data/spans.py, together).
 */
const UNITS = {
  payload: "payload character",
  timestamp: "timestamp digit",
  signature: "signature character",
  marker: "marker",
};
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

class LinkedBytes extends HTMLElement {
  connectedCallback() {
    this.said = this.querySelector(".links-said");
    this.tracks = [...this.querySelectorAll(".track")].map((element) => new Track(element));
    this.parts = this.tracks.flatMap((track) => track.parts);
    this.byElement = new Map(this.parts.map((part) => [part.element, part]));
    this.pinned = [];
    this.querySelectorAll(".with-script").forEach((words) => (words.hidden = false));
    for (const name of ["pointerover", "pointerleave", "focusin", "click", "keydown"]) this.addEventListener(name, this);
    document.addEventListener("selectionchange", this);
  }

  disconnectedCallback() {
    document.removeEventListener("selectionchange", this);
  }

  handleEvent(event) {
    this[event.type](event);
  }

  partOf(target) {
    return this.byElement.get(target.closest?.("[data-link]"));
  }

  pointerover(event) {
    if (event.pointerType === "touch") return;
    const part = this.partOf(event.target);
    this.light(part ? [part] : this.pinned);
  }

  pointerleave() {
    this.light(this.pinned);
  }

  focusin(event) {
    const part = this.partOf(event.target);
    if (!part) return;
    part.track.stopAt(part);
    if (!this.extending) this.pin([part]);
  }

  click(event) {
    const part = this.partOf(event.target);
    if (!part || event.ctrlKey || event.metaKey || !getSelection().isCollapsed) return;
    event.preventDefault(); // a key of the dict is a link, for those without this script
    part.element.focus();
    this.pin([part]);
  }

  keydown(event) {
    const part = this.partOf(event.target);
    if (event.key === "Escape") return this.pin([]);
    if (!part || event.ctrlKey || event.metaKey || event.altKey) return;
    const { parts } = part.track;
    const at = parts.indexOf(part);
    const to = event.key === "Home" ? 0 : event.key === "End" ? parts.length - 1 : at + (STEPS[event.key] ?? NaN);
    if ((event.key === "Enter" || event.key === " ") && part.element.href) {
      event.preventDefault();
      this.pin([part]);
    }
    if (!parts[to]) return;
    event.preventDefault();
    this.extending = event.shiftKey;
    if (event.shiftKey) {
      const from = this.from?.track === part.track ? parts.indexOf(this.from) : at;
      this.from = parts[from];
      this.pin(parts.slice(Math.min(from, to), Math.max(from, to) + 1));
    } else {
      this.from = null;
    }
    parts[to].element.focus();
    this.extending = false;
  }

  selectionchange() {
    const selection = getSelection();
    if (selection.isCollapsed || !this.contains(selection.anchorNode)) return;
    const range = selection.getRangeAt(0);
    const touched = this.parts.filter((part) => range.intersectsNode(part.element));
    if (touched.length) this.pin(touched.filter((part) => part.track === touched[0].track));
  }

  pin(parts) {
    this.pinned = parts;
    this.light(parts);
  }

  light(chosen) {
    this.querySelectorAll(".lit-by").forEach((words) => words.remove()); // what the server lit makes way
    for (const part of this.parts) {
      const how = new Set(chosen.map((one) => together(one, part)));
      part.element.classList.toggle("lit", how.has("exact"));
      part.element.classList.toggle("whole", !how.has("exact") && how.has("whole"));
    }
    this.said.hidden = !chosen.length;
    const sentence = chosen.length ? sentenceOn(chosen, this.parts) : "";
    if (this.said.textContent !== sentence) this.said.textContent = sentence;
  }
}

/* One stage's parts: one stop for the Tab key, and arrows move along them. */
class Track {
  constructor(element) {
    this.name = element.dataset.name ?? ""; // one without a name is lit, and not spoken of
    this.unit = element.dataset.unit ?? "";
    this.parts = [...element.querySelectorAll("[data-link]")].map((part) => new Part(part, this));
    if (!this.parts.length) return;
    for (const { element: part } of this.parts) {
      part.tabIndex = -1;
      part.setAttribute("role", "button");
    }
    if (element.matches("p, div")) {
      element.setAttribute("role", "toolbar"); // a screen reader then knows of the arrows
      element.setAttribute("aria-label", this.name || "Sizes");
    }
    this.stopAt(this.parts[0]);
  }

  stopAt(part) {
    if (this.stop) this.stop.element.tabIndex = -1;
    this.stop = part;
    part.element.tabIndex = 0;
  }
}

class Part {
  constructor(element, track) {
    const [axis, start, end] = element.dataset.link.split(" ");
    Object.assign(this, { element, track, axis, start: Number(start), end: Number(end) });
  }

  /* What its numbers count, or "" where its text says it better. */
  get unit() {
    const named = Object.keys(UNITS).find((name) => this.element.classList.contains(name));
    return UNITS[named] ?? this.track.unit;
  }

  get place() {
    return this.element.dataset.at?.split(" ").map(Number) ?? [this.start + 1, this.end];
  }
}

function together(one, other) {
  if (one.axis === other.axis) return one.start < other.end && other.start < one.end ? "exact" : "";
  const axes = [one.axis, other.axis];
  return axes.includes("signature") || (axes.includes("packed") && axes.includes("json")) ? "whole" : "";
}

/* "Payload characters 5 to 8 became bytes 4 to 6, JSON "num_visits", Python 'num_visits'." */
function sentenceOn(chosen, parts) {
  const groups = new Map();
  for (const part of parts) {
    if (!part.track.name || !part.element.classList.contains("lit")) continue;
    const name = part.unit || part.track.name;
    groups.set(name, [...(groups.get(name) ?? []), part]);
  }
  const own = chosen[0].unit || chosen[0].track.name;
  groups.set(own, chosen);
  const names = [...groups.keys()];
  const tell = (name) => partOf(chosen, groups.get(name)) + inWords(name, groups.get(name));
  const before = names.slice(0, names.indexOf(own)).map(tell);
  const after = names.slice(names.indexOf(own) + 1).map(tell);
  const said = [inWords(own, chosen)];
  if (before.length) said.push(`came from ${before.join(", ")}`);
  if (before.length && after.length) said.push("and");
  if (after.length) said.push(`became ${after.join(", ")}`);
  return `${capital(said.join(" "))}.${theWhole(chosen[0].axis, parts)}`;
}

/* Three bytes do not become the whole of a long name. Where parts are counted, the numbers say it. */
function partOf(chosen, parts) {
  const start = Math.min(...chosen.map((part) => part.start));
  const end = Math.max(...chosen.map((part) => part.end));
  return !parts[0].unit && parts.some((part) => part.start < start || part.end > end) ? "part of " : "";
}

function inWords(name, parts) {
  if (parts[0].unit) {
    const first = Math.min(...parts.map((part) => part.place[0]));
    const last = Math.max(...parts.map((part) => part.place[1]));
    return first === last ? `${name} ${first}` : `${name}s ${first} to ${last}`;
  }
  const text = parts.map((part) => part.element.textContent).join(" ");
  return `${name} ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`.trim();
}

function theWhole(axis, parts) {
  if (axis === "signature") return " It signs all that stands before it.";
  const crossed = parts.some((part) => part.element.classList.contains("whole") && part.axis !== "signature");
  return crossed ? " Through zlib the whole comes from the whole." : "";
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

customElements.define("linked-bytes", LinkedBytes);

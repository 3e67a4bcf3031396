import { local, recall, remember } from "../storage.js";

/*
 * <sql-console> around a transcript and a textarea: Enter runs, arrows bring back what was typed, Tab completes.
 *
 * The form is sent by htmx, which puts the new transcript in the old one's place; what was typed is cleared only then.
 */
const HISTORY = "sql-history";
const HISTORY_MOST = 100;
const WORDS_MOST = 12;
const ANNOUNCED_MOST = 300;
const KEYWORDS =
  "SELECT FROM WHERE AND OR NOT NULL IS IN LIKE ORDER BY GROUP HAVING LIMIT DISTINCT JOIN LEFT ON AS CASE WHEN THEN ELSE END UNION VALUES WITH EXPLAIN QUERY PLAN PRAGMA COUNT(*) LENGTH( SUBSTR( CURRENT_TIMESTAMP DESC".split(" ");
const COMMANDS = [".tables", ".schema", ".headers on", ".headers off", ".mode", ".nullvalue", ".indexes", ".help"];

class SqlConsole extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea");
    this.list = this.querySelector("[role=listbox]");
    this.querySelector("#console-keys").hidden = false;
    const tables = JSON.parse(this.querySelector("#console-tables").textContent);
    this.names = [...new Set([...Object.keys(tables), ...Object.values(tables).flat()])].sort();
    this.history = JSON.parse(recall(local, HISTORY) ?? "[]");
    this.place = this.history.length;
    this.field.setAttribute("aria-haspopup", "listbox");
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.setAttribute("aria-controls", this.list.id);
    this.close();
    this.field.addEventListener("keydown", this);
    this.field.addEventListener("input", this);
    this.list.addEventListener("click", this);
    this.form = this.closest("form");
    this.form.addEventListener("submit", this);
    this.form.addEventListener("htmx:afterRequest", this);
    this.toEnd();
  }

  disconnectedCallback() {
    this.form.removeEventListener("submit", this);
    this.form.removeEventListener("htmx:afterRequest", this);
  }

  handleEvent(event) {
    if (event.type === "keydown") this.pressed(event);
    else if (event.type === "input") this.open ? this.offer() : null;
    else if (event.type === "click") this.take(event.target.closest("li"));
    else if (event.type === "submit") this.sent(event.submitter);
    else if (event.detail.successful) this.printed();
  }

  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.open ? this.keysInList(event) : this.keysInField(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  keysInField({ key, shiftKey }) {
    if (key === "Enter" && !shiftKey) return () => this.form.requestSubmit(this.querySelector("#run"));
    if (key === "Tab" && !shiftKey && this.matching().length) return () => this.complete();
    if (key === "ArrowUp" && this.onFirstLine && this.place > 0) return () => this.recall(-1);
    if (key === "ArrowDown" && this.onLastLine && this.place < this.history.length) return () => this.recall(1);
    return null;
  }

  keysInList({ key, shiftKey }) {
    if (key === "Escape") return () => this.close();
    if (key === "Tab" && shiftKey) return () => this.choose(-1);
    if (key === "ArrowDown" || key === "ArrowRight" || key === "Tab") return () => this.choose(1);
    if (key === "ArrowUp" || key === "ArrowLeft") return () => this.choose(-1);
    if (key === "Enter") return () => this.take(this.chosen);
    return null;
  }

  /* History */

  get onFirstLine() {
    return !this.field.value.slice(0, this.field.selectionStart).includes("\n");
  }

  get onLastLine() {
    return !this.field.value.slice(this.field.selectionEnd).includes("\n");
  }

  recall(step) {
    if (this.place === this.history.length) this.draft = this.field.value;
    this.place += step;
    this.field.value = this.history[this.place] ?? this.draft ?? "";
    this.field.selectionStart = this.field.value.length;
  }

  sent(button) {
    this.close();
    const typed = this.field.value.trim();
    this.onItsWay = button?.name ? null : this.field.value;
    if (button?.name || !typed) return;
    if (this.history.at(-1) !== typed) this.history.push(typed);
    this.history = this.history.slice(-HISTORY_MOST);
    remember(local, HISTORY, JSON.stringify(this.history));
  }

  printed() {
    if (this.field.value === this.onItsWay) this.field.value = ""; // and not what was typed meanwhile
    this.place = this.history.length;
    this.draft = "";
    this.toEnd();
    this.announce(this.querySelector(".last :is(.console-printed, .console-note)")?.textContent ?? "");
    this.field.focus();
  }

  /* The last question is in sight, with the beginning of what it gave. */
  toEnd() {
    const screen = this.querySelector(".console-screen");
    const last = screen.querySelector(".last");
    if (last) screen.scrollTop += last.getBoundingClientRect().top - screen.getBoundingClientRect().top - 8;
  }

  announce(text) {
    document.getElementById("announcer").textContent = text.slice(0, ANNOUNCED_MOST);
  }

  /* Completion */

  get open() {
    return !this.list.hidden;
  }

  get chosen() {
    return this.list.querySelector("[aria-selected=true]");
  }

  /* The word that ends where one types; a command with a dot is one from the beginning of the line. */
  get begun() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    return /^\.[a-z ]*$/.test(before) ? before : before.match(/[\w]*$/)[0];
  }

  matching() {
    const begun = this.begun.toLowerCase();
    if (!begun) return [];
    const words = begun.startsWith(".") ? COMMANDS : [...this.names, ...KEYWORDS];
    return words.filter((word) => word.toLowerCase().startsWith(begun) && word !== this.begun).slice(0, WORDS_MOST);
  }

  complete() {
    const found = this.matching();
    if (found.length === 1) this.insert(found[0]);
    else this.offer();
  }

  offer() {
    const found = this.matching();
    this.list.replaceChildren(
      ...found.map((word, number) => {
        const item = document.createElement("li");
        item.id = `console-word-${number}`;
        item.setAttribute("role", "option");
        item.textContent = word;
        return item;
      }),
    );
    this.list.hidden = found.length === 0;
    this.field.removeAttribute("aria-activedescendant");
    if (!this.open) return;
    this.announce(`${found.length} words go on like this`);
    this.choose(1);
  }

  choose(step) {
    const items = [...this.list.children];
    const place = (items.indexOf(this.chosen) + step + items.length) % items.length;
    items.forEach((item, number) => item.setAttribute("aria-selected", String(number === place)));
    this.field.setAttribute("aria-activedescendant", items[place].id);
    items[place].scrollIntoView({ block: "nearest" });
  }

  take(item) {
    if (item) this.insert(item.textContent);
  }

  insert(word) {
    const end = this.field.selectionStart;
    this.field.setRangeText(word, end - this.begun.length, end, "end");
    this.close();
    this.field.focus();
  }

  close() {
    this.list.hidden = true;
    this.list.replaceChildren();
    this.field.removeAttribute("aria-activedescendant");
  }
}

customElements.define("sql-console", SqlConsole);

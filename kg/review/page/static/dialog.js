// The dialogs: reasons of a rejection, help, bulk, a new fact, the year that 今年 is, conflicts.

import { readSelection, readText } from "./place.js";

const byId = (id) => document.getElementById(id);
export const isOpen = () => document.querySelector("dialog[open]") !== null;
const shown = () => document.querySelector("dialog[open]");

export function open(id) {
  const dialog = byId(id);
  if (!dialog.open) dialog.showModal();
  return dialog;
}

export function close() { shown()?.close(); }

for (const button of document.querySelectorAll("dialog [data-close]")) {
  button.addEventListener("click", close);
}
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}

export function fail(place, message) {
  const line = place.querySelector(".error");
  if (!line) return;
  line.textContent = message;
  line.hidden = !message;
}

// ------------------------------------------------------------------ reject

let rejected = () => {};
const note = byId("reason-note");

export function askReason(then) {
  rejected = then;
  note.value = "";
  open("reject").querySelector("[data-reason]").focus();
}

function reject(code) {
  close();
  rejected(code, note.value.trim());
}

byId("reject").addEventListener("click", (event) => {
  const button = event.target.closest("[data-reason]");
  if (button) reject(button.dataset.reason);
});
byId("reject").addEventListener("keydown", (event) => {
  const buttons = [...byId("reject").querySelectorAll("[data-reason]")];
  if (event.target === note) {
    if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); reject("other"); }
    return;
  }
  const button = buttons[Number(event.key) - 1];
  if (button) { event.preventDefault(); reject(button.dataset.reason); }
});

// ------------------------------------------------------------------ a new fact

let chosen = null;

export function askFact() {
  chosen = readSelection();
  const dialog = open("add");
  fail(dialog, "");
  showTab(dialog.querySelector("[aria-selected=true]")?.dataset.tab ?? "entities");
}

const sentence = /[。!?！？；;\n]/;

// The clause around the selection: what a reader needs to see the fact.
export function quoteAround({ start, end }) {
  const before = [...readText(Math.max(0, start - 200), start)], after = [...readText(end, end + 200)];
  let left = before.length, right = 0;
  while (left > 0 && !sentence.test(before[left - 1])) left -= 1;
  while (right < after.length && !sentence.test(after[right])) right += 1;
  return (before.slice(left).join("") + readText(start, end) + after.slice(0, right).join("")).trim();
}

function showTab(table) {
  const dialog = byId("add");
  for (const tab of dialog.querySelectorAll("[data-tab]")) {
    tab.setAttribute("aria-selected", String(tab.dataset.tab === table));
  }
  for (const form of dialog.querySelectorAll("form")) form.hidden = form.dataset.table !== table;
  const form = dialog.querySelector(`form[data-table="${table}"]`);
  form.reset();
  if (chosen) {
    const words = chosen.text.trim();
    const fields = form.elements;
    fields.quote.value = quoteAround(chosen);
    const own = { entities: "name", relations: "basis", measures: "value" }[table];
    fields[own].value = words;
  }
  const empty = [...form.elements].find((field) => field.name && !field.value && field.name !== "aliases");
  (empty ?? form.elements[0]).focus();
}

byId("add").querySelector("[role=tablist]").addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tab]");
  if (tab) showTab(tab.dataset.tab);
});
byId("add").addEventListener("keydown", (event) => {
  const table = { Digit1: "entities", Digit2: "relations", Digit3: "measures" }[event.code];
  if (event.altKey && table) { event.preventDefault(); showTab(table); }
});

// ------------------------------------------------------------------ fields

export function readFields(form) {
  const fields = {};
  for (const field of form.elements) if (field.name) fields[field.name] = field.value;
  return fields;
}

// Enter saves in every field, also in those of several lines.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form.edit");
  if (form && event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("textarea, select")) {
    event.preventDefault();
    form.requestSubmit();
  }
});

// ------------------------------------------------------------------ the year

export function askYear(start) {
  const form = open("anchor").querySelector("form");
  fail(form, "");
  const selected = readSelection();
  form.elements.start.value = selected ? selected.start : start ?? "";
  form.elements.end.value = selected ? selected.end : "";
  if (!selected) spanSection(form, start ?? 0);
  form.elements.year.focus();
}

function spanSection(form, start) {
  let from = 0, to = null;
  for (const line of document.querySelectorAll("#text > p.heading")) {
    const place = Number(line.dataset.start);
    if (place <= start) from = place; else { to = place; break; }
  }
  form.elements.start.value = from;
  form.elements.end.value = to ?? document.body.dataset.length;
}

byId("anchor").addEventListener("click", (event) => {
  const button = event.target.closest("[data-span]");
  if (!button) return;
  const form = byId("anchor").querySelector("form");
  if (button.dataset.span === "section") spanSection(form, Number(form.elements.start.value) || 0);
  else { form.elements.start.value = 0; form.elements.end.value = document.body.dataset.length; }
});

// ------------------------------------------------------------------ conflict

export function showConflict(html, then) {
  const dialog = open("conflict");
  dialog.firstElementChild.innerHTML = html; // the server's template: every text in it is escaped
  for (const button of dialog.querySelectorAll("[data-keep]")) {
    button.addEventListener("click", () => { close(); then(button.dataset.keep); });
  }
  dialog.querySelector("[data-keep=theirs]").focus();
}

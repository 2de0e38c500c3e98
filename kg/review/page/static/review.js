// The review page: one item at a time, by keyboard, mouse or touch. Every change is on disk
// before the page says so; what the server sends is rendered from escaped templates.

import { point, readSelection } from "./place.js";
import * as dialog from "./dialog.js";

const body = document.body;
const byId = (id) => document.getElementById(id);
const token = document.querySelector("meta[name=token]").content;
const base = `/d/${body.dataset.document}`;
const text = byId("text"), panel = byId("decide"), saved = byId("saved");
const card = () => byId("card").querySelector("article");
const state = {
  item: body.dataset.item, edition: Number(body.dataset.edition), anchors: body.dataset.anchors,
  order: "place", busy: false,
};

// ------------------------------------------------------------------ talking to the server

function say(words, kind) {
  saved.textContent = words;
  saved.className = kind;
}

async function talk(what, method, fields) {
  const own = { item: state.item, order: state.order, since: state.edition, ...fields };
  const request = method === "POST"
    ? fetch(`${base}/${what}`, { method, headers: { "X-Token": token }, body: JSON.stringify(own) })
    : fetch(`${base}/${what}?${new URLSearchParams(own)}`);
  const reply = await request;
  const type = reply.headers.get("content-type") ?? "";
  if (!type.includes("json")) throw new Error((await reply.text()).trim());
  return { status: reply.status, data: await reply.json() };
}

const ask = (what, fields) => run(what, "GET", fields);
const change = (what, fields, place) => run(what, "POST", fields, place);

async function run(what, method, fields, place) {
  if (state.busy) return false;
  setBusy(true);
  if (method === "POST") say(body.dataset.saving, "busy");
  try {
    const { status, data } = await talk(what, method, fields);
    if (status === 409) {
      say(body.dataset.failed, "bad");
      setBusy(false);
      dialog.showConflict(data.conflict, (keep) => settle(keep, fields, data.seen));
      return false;
    }
    if (data.error) {
      say(body.dataset.failed, "bad");
      if (place ?? card()) dialog.fail(place ?? card(), data.error);
      return false;
    }
    if (method === "POST") say(`${body.dataset.saved} ✓`, "");
    if ("card" in data) show(data);
    if (data.message) announce(data.message);
    return data;
  } catch (error) {
    say(body.dataset.failed, "bad");
    const words = error instanceof TypeError ? body.dataset.gone : error.message;
    if (place ?? card()) dialog.fail(place ?? card(), words);
    return false;
  } finally {
    setBusy(false);
  }
}

function setBusy(busy) {
  state.busy = busy;
  byId("card").setAttribute("aria-busy", busy);
}

function settle(keep, fields, seen) {
  if (keep === "mine") change("decide", { ...fields, seen });
  else ask("card", { item: fields.item });
}

// ------------------------------------------------------------------ showing

// Only a server template comes here; all it holds of documents and tables is escaped there.
function fill(id, html) { byId(id).innerHTML = html; }

function show(data) {
  state.item = data.item;
  state.edition = data.edition;
  state.anchors = data.anchors;
  if (data.text !== undefined) {
    const top = text.scrollTop;
    text.innerHTML = data.text;
    text.scrollTop = top;
  }
  for (const [number, html] of Object.entries(data.paragraphs ?? {})) {
    const line = byId(`p${number}`), made = document.createElement("template");
    made.innerHTML = html;
    if (line) line.replaceChildren(...made.content.firstElementChild.childNodes);
  }
  for (const part of ["card", "upcoming", "progress", "pair", "notice", "stale"]) fill(part, data[part]);
  history.replaceState(null, "", data.item ? `#${data.item}` : location.pathname);
  panel.scrollTop = 0;
  settleCard();
}

function settleCard() {
  point(card());
  const quote = card()?.querySelector("blockquote"), words = quote?.querySelector("mark");
  if (words) quote.scrollTop = words.offsetTop - Math.max(12, (quote.clientHeight - words.offsetHeight) / 2);
  card()?.focus({ preventScroll: true });
}

let silence;
function announce(words) {
  const line = byId("announce");
  line.textContent = words;
  line.hidden = false;
  clearTimeout(silence);
  silence = setTimeout(() => { line.hidden = true; }, words.includes("\n") ? 12000 : 2500);
}

// ------------------------------------------------------------------ deciding

function decide(verdict, more = {}) {
  const own = card();
  if (!own?.dataset.item) return;
  change("decide", { item: own.dataset.item, seen: own.dataset.seen, verdict, ...more });
}

function accept() {
  if (card()?.dataset.item?.startsWith("n")) edit(); // a bare number: say first what it counts
  else decide("accept");
}

function edit() {
  const form = card()?.querySelector("form.edit");
  if (!form) return;
  form.hidden = false;
  card().classList.add("editing");
  const fields = [...form.elements].filter((field) => field.name);
  if (card().dataset.item.startsWith("n") && card().dataset.verdict === "open") suggest(form.elements);
  const first = fields.find((f) => !f.value && ["indicator", "subject"].includes(f.name)) ?? fields[0];
  first.focus();
  first.select?.();
}

// A number that nothing proposes: its clause as the quote, and what is usual.
function suggest(fields) {
  const start = Number(card().dataset.from), end = start + [...fields.value.value].length;
  fields.quote.value = dialog.quoteAround({ start, end });
  fields.comparator.value ||= "eq";
  fields.modality.value ||= "actual";
  fields.subject.value ||= "-";
}

function stopEditing() {
  card().querySelector("form.edit").hidden = true;
  card().classList.remove("editing");
  card().focus();
}

async function switchOrder() {
  state.order = state.order === "place" ? "confidence" : "place";
  announce(body.dataset[state.order]);
  await ask("next", { item: "" });
}

function focusPair() {
  const button = byId("pair").querySelector("[data-judge]");
  if (!button) return;
  byId("pair").querySelector("details").open = true;
  button.focus();
}

function judge(judgement) {
  const { left, right } = byId("pair").querySelector(".question").dataset;
  return change("pair", { left, right, judgement }).then((done) => { if (done) focusPair(); });
}

// ------------------------------------------------------------------ keys

const KEYS = {
  a: accept,
  r: () => { if (card()?.dataset.item) dialog.askReason((reason, note) => decide("reject", { reason, note })); },
  u: () => decide("unsure"),
  e: edit,
  z: () => change("undo", {}),
  n: () => ask("next", {}),
  j: () => ask("next", { what: "forward" }),
  k: () => ask("next", { what: "back" }),
  "#": () => ask("next", { what: "number" }),
  b: openBulk,
  " ": dialog.askFact,
  t: () => dialog.askYear(Number(card()?.dataset.from ?? 0)),
  p: focusPair,
  o: switchOrder,
  l: openStale,
  "?": () => dialog.open("help"),
};
KEYS.arrowdown = KEYS.j;
KEYS.arrowup = KEYS.k;
const PAIR_KEYS = { s: "same", d: "different", u: "possible" };

// An input method may swallow the letter: then the key's place tells it.
function letterOf(event) {
  if (event.key.length === 1 && event.key.charCodeAt(0) < 128) return event.key.toLowerCase();
  if (/^Key[A-Z]$/.test(event.code)) return event.code[3].toLowerCase();
  if (event.shiftKey && event.code === "Digit3") return "#";
  if (event.key === "？") return "?";
  return event.key.toLowerCase();
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches?.("input, textarea, select")) {
    if (event.key === "Escape" && event.target.closest("#card")) stopEditing();
    return;
  }
  if (dialog.isOpen()) return;
  const letter = letterOf(event);
  const inPair = byId("pair").contains(document.activeElement);
  if (inPair && PAIR_KEYS[letter]) { event.preventDefault(); judge(PAIR_KEYS[letter]); return; }
  if (letter === "escape") { if (card()?.classList.contains("editing")) stopEditing(); else card()?.focus(); return; }
  if (letter === " " && event.target.matches?.("button, summary, a")) return;
  if (letter.startsWith("arrow") && text.contains(event.target)) return;
  const action = KEYS[letter];
  if (action) { event.preventDefault(); action(); }
});

// ------------------------------------------------------------------ mouse and touch

addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) return press(button);
  const mark = event.target.closest("#text [data-i], #text [data-n]");
  if (!mark || readSelection()) return;
  if (mark.dataset.i) ask("card", { item: mark.dataset.i });
  else ask("next", { what: "mark", number: mark.dataset.n });
});

function press(button) {
  const { act, key, go, judge: judgement, anchor } = button.dataset;
  if (key) KEYS[key]();
  else if (go) ask("card", { item: go });
  else if (judgement) judge(judgement);
  else if (anchor) dialog.askYear(Number(anchor));
  else if (button.matches("[data-confirm]")) confirmStale(button);
  else if (act === "accept") accept();
  else if (act === "reject") KEYS.r();
  else if (act === "unsure") decide("unsure");
  else if (act === "edit") edit();
  else if (act === "cancel") stopEditing();
  else if (act === "restore" || act === "let-go") change("restore", { act });
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (card()?.contains(form)) decide("accept", { fields: dialog.readFields(form) });
  else if (form.closest("#bulk")) listBulk(form);
  else if (form.closest("#add")) {
    const fields = dialog.readFields(form);
    const done = await change("add", { table: form.dataset.table, fields }, byId("add"));
    if (done) { dialog.close(); addName(form.dataset.table, fields.name); }
  } else if (form.closest("#anchor")) {
    const { start, end, year } = dialog.readFields(form);
    const passage = { start, end, year, anchors: state.anchors };
    if (await change("anchors", passage, byId("anchor"))) dialog.close();
  }
});

function addName(table, name) {
  if (table !== "entities") return;
  const option = document.createElement("option");
  option.value = name;
  byId("names").append(option);
}

for (const each of document.querySelectorAll("dialog")) {
  each.addEventListener("close", () => card()?.focus({ preventScroll: true }));
}

// ------------------------------------------------------------------ bulk

let listed = [];

function openBulk() {
  const form = dialog.open("bulk").querySelector("form");
  byId("bulk-list").textContent = "";
  byId("bulk-accept").hidden = true;
  form.elements.confidence.focus();
  form.elements.confidence.select();
}

async function listBulk(form) {
  const data = await ask("bulk", { confidence: form.elements.confidence.value });
  if (!data) return;
  listed = data.items;
  fill("bulk-list", data.list);
  byId("bulk-accept").hidden = !listed.length;
  (listed.length ? byId("bulk-accept") : form.elements.confidence).focus();
}

byId("bulk-accept").addEventListener("click", async () => {
  dialog.close();
  await change("bulk", { items: listed });
});

// ------------------------------------------------------------------ stale verdicts

const staleRows = () => [...byId("stale-list").querySelectorAll("li:has([data-confirm])")];

async function openStale() {
  if (!byId("stale").firstElementChild) return;
  const data = await ask("stale", {});
  if (!data) return;
  const list = dialog.open("stale-rows");
  showStale(data.list, "");
  byId("stale-list").focus();
  list.scrollTop = 0;
}

// What is wrong is told in the row; after a row is taken back the next one has the focus.
async function confirmStale(button) {
  const row = button.closest("li"), place = staleRows().indexOf(row);
  dialog.fail(row, "");
  const data = await change("confirm", { row: row.dataset.row }, row);
  if (!data) return;
  showStale(data.list, data.message);
  (staleRows()[place] ?? byId("stale-list")).focus();
}

function showStale(html, told) {
  fill("stale-list", html);
  byId("stale-rows").querySelector(".told").textContent = told;
}

// ------------------------------------------------------------------ the rest

byId("language").addEventListener("click", () => {
  const other = document.documentElement.lang.startsWith("zh") ? "en" : "zh";
  document.cookie = `kg_language=${other}; path=/; samesite=strict; max-age=31536000`;
  location.reload();
});

// Another page or an editor may have changed the tables.
async function watch() {
  if (document.hidden || state.busy || dialog.isOpen() || card()?.classList.contains("editing")) return;
  try {
    const since = state.edition;
    const { status, data } = await talk("progress", "GET", {});
    if (status === 200 && "card" in data && state.edition === since && !state.busy) show(data);
  } catch { say(body.dataset.failed, "bad"); }
}
setInterval(watch, 4000);
addEventListener("focus", watch);
addEventListener("resize", () => point(card(), false));

const wanted = location.hash.slice(1);
if (wanted && wanted !== state.item) ask("card", { item: wanted });
else settleCard();
document.documentElement.dataset.ready = "";

// The query page: questions to begin with, an editor, and answers as table, chart and graph.

import { drawBars, drawGraph, isNumber } from "./chart.js";
import { makeEditor } from "./editor.js";

const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
const say = (zh, en) => (language === "zh" ? zh : en);
const find = (id) => document.getElementById(id);
const PAGE = 200, ID = "https://w3id.org/lianzhu/id/";
const editor = makeEditor(find("query"), find("shade"), find("completions"), language);
let vocabulary = { prefixes: {}, terms: [], questions: [], columns: {} };
let labels = {}, answer = null, raw = null, running = null, view = "table", network = null;

// ---------------------------------------------------------------- what can be asked

async function begin() {
  vocabulary = await (await fetch("/vocabulary")).json();
  editor.setTerms(vocabulary.terms);
  labels = Object.fromEntries(vocabulary.terms.map((term) => [term.name, term[language] || ""]));
  if (matchMedia("(max-width: 760px)").matches) find("question-panel").open = false;
  listQuestions("");
  const given = new URLSearchParams(location.search).get("query") ?? new URLSearchParams(location.hash.slice(1)).get("query");
  if (given) {
    editor.setText(given);
    run();
  } else {
    openQuestion(vocabulary.questions.find((question) => question.name === "anchors") || vocabulary.questions[0], false);
  }
}

function listQuestions(wanted) {
  const low = wanted.trim().toLowerCase();
  const chosen = vocabulary.questions.filter((question) => `${question.zh} ${question.en} ${question.name}`.toLowerCase().includes(low));
  find("question-count").textContent = chosen.length;
  find("question-list").replaceChildren(...chosen.map((question) => {
    const row = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.textContent = question[language];
    button.dataset.name = question.name;
    button.addEventListener("click", () => openQuestion(question, true));
    row.append(button);
    return row;
  }));
}

function openQuestion(question, andRun) {
  if (!question) return;
  for (const button of find("question-list").querySelectorAll("button")) {
    button.toggleAttribute("aria-current", button.dataset.name === question.name);
  }
  editor.setText(question.text);
  const names = Object.entries(question.parameters);
  find("parameters").hidden = !names.length;
  find("parameters").replaceChildren(...names.map(([name, meaning]) => {
    const label = document.createElement("label"), input = document.createElement("input");
    input.addEventListener("input", () => editor.setText(fill(find("query").value, name, input.value), false));
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); run(); } });
    label.append(meaning || name, input);
    return label;
  }));
  if (matchMedia("(max-width: 760px)").matches) find("question-panel").open = false;
  if (andRun) run();
}

function fill(text, name, value) {
  const quoted = JSON.stringify(value).replaceAll("\u2028", "").replaceAll("\u2029", "");
  return text.replace(new RegExp(`(VALUES\\s+\\?${name}\\s*\\{)(?:"(?:[^"\\\\]|\\\\.)*"|[^}"])*(\\})`), (_, left, right) => `${left} ${quoted} ${right}`);
}

// ---------------------------------------------------------------- asking

async function run() {
  running?.abort();
  const control = (running = new AbortController());
  const started = performance.now();
  tell(say("查询中…", "Asking…"));
  find("stop").hidden = false;
  try {
    const response = await fetch("/sparql", {
      method: "POST", signal: control.signal, body: find("query").value,
      headers: { "Content-Type": "application/sparql-query",
        Accept: "application/sparql-results+json, application/n-triples;q=0.9, application/json;q=0.5" },
    });
    const text = await response.text();
    if (!response.ok) {
      const error = readError(text);
      find("result").hidden = true;
      tell(error, true);
      return;
    }
    raw = { text, media: response.headers.get("content-type") };
    answer = raw.media.includes("json") ? readRows(JSON.parse(text)) : readTriples(text);
    find("result").hidden = false;
    const seconds = ((performance.now() - started) / 1000).toFixed(2);
    const size = answer.triples ? answer.triples.length : answer.rows.length;
    tell(answer.truth === undefined ? say(`${size} 行,${seconds} 秒`, `${size} row${size === 1 ? "" : "s"}, ${seconds} s`) : say(`${seconds} 秒`, `${seconds} s`));
    history.replaceState(null, "", `${location.pathname}?lang=${language}#${new URLSearchParams({ query: find("query").value })}`);
    show(view);
  } catch (error) {
    if (error.name !== "AbortError") tell(say("连不上服务器。", "The server cannot be reached."), true);
    else if (running === control) tell(say("已停止。", "Stopped."));
  } finally {
    if (running === control) {
      find("stop").hidden = true;
      running = null;
    }
  }
}

function readError(text) {
  try {
    return JSON.parse(text)[language];
  } catch {
    return text;
  }
}

function tell(text, isError = false) {
  find("message").textContent = text;
  find("message").classList.toggle("error", isError);
}

function readRows(result) {
  if (result.boolean !== undefined) return { truth: result.boolean, columns: [], rows: [], titles: {}, show: write };
  const columns = result.head.vars, rows = result.results.bindings;
  const heading = (name) => vocabulary.columns[name]?.[language === "zh" ? 0 : 1] ?? name;
  return { columns, rows, titles: Object.fromEntries(columns.map((name) => [name, heading(name)])), show: write };
}

function readTriples(text) {
  const term = /<([^>]*)>|(_:\S+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?/y;
  const triples = [];
  for (const line of text.split("\n")) {
    const parts = [];
    for (let at = 0; parts.length < 3 && at < line.length; at = term.lastIndex + 1) {
      term.lastIndex = at;
      const match = term.exec(line);
      if (!match) break;
      parts.push(match[1] !== undefined ? { type: "uri", value: unescape(match[1]) } : match[2] !== undefined ? { type: "bnode", value: match[2] }
        : { type: "literal", value: unescape(match[3]), "xml:lang": match[4], datatype: match[5] });
    }
    if (parts.length === 3) triples.push(parts);
  }
  const columns = ["subject", "predicate", "object"];
  const rows = triples.map((parts) => Object.fromEntries(columns.map((name, index) => [name, parts[index]])));
  const titles = { subject: say("主语", "subject"), predicate: say("谓语", "predicate"), object: say("宾语", "object") };
  return { triples, columns, rows, titles, show: write };
}

function unescape(text) {
  const plain = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" };
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, short, long, letter) =>
    letter ? plain[letter] ?? letter : String.fromCodePoint(parseInt(short || long, 16)));
}

function write(term) {
  if (term.type !== "uri") return term.value;
  const short = shorten(term.value);
  return labels[short] || (short.startsWith("id:") ? short.slice(3) : short);
}

function shorten(iri) {
  for (const [prefix, start] of Object.entries(vocabulary.prefixes)) {
    if (iri.startsWith(start) && !/[/#]/.test(iri.slice(start.length))) return `${prefix}:${iri.slice(start.length)}`;
  }
  return iri;
}

// ---------------------------------------------------------------- showing

function show(name) {
  view = name;
  network?.destroy();
  network = null;
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const isOn = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", isOn);
    tab.tabIndex = isOn ? 0 : -1;
  }
  find("view").setAttribute("aria-labelledby", `tab-${name}`);
  if (!answer) return;
  if (answer.truth !== undefined || !answer.rows.length) return showShort();
  if (name === "chart") drawBars(find("view"), answer, say, language === "zh");
  else if (name === "graph") drawGraph(find("view"), answer, say, (drawn) => { network?.destroy(); network = drawn; });
  else showTable();
}

function showShort() {
  const line = document.createElement("p");
  line.className = answer.truth === undefined ? "empty" : "truth";
  line.textContent = answer.truth === undefined ? say("没有结果。", "No rows.") : answer.truth ? say("是", "yes") : say("否", "no");
  find("view").replaceChildren(line);
}

function showTable() {
  const table = document.createElement("table"), head = table.createTHead().insertRow(), body = table.createTBody();
  let rows = answer.rows, shown = 0;
  const more = document.createElement("button");
  more.className = "more";
  more.type = "button";
  for (const name of answer.columns) {
    const cell = document.createElement("th"), button = document.createElement("button");
    cell.scope = "col";
    button.type = "button";
    button.textContent = answer.titles[name];
    button.title = `?${name}`;
    button.addEventListener("click", () => {
      const down = cell.getAttribute("aria-sort") === "ascending";
      for (const other of head.cells) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows = [...answer.rows].sort((left, right) => (down ? -1 : 1) * compare(left[name], right[name]));
      shown = 0;
      body.replaceChildren();
      fillTable();
    });
    cell.append(button);
    head.append(cell);
  }
  function fillTable() {
    for (const row of rows.slice(shown, shown + PAGE)) {
      const line = body.insertRow();
      for (const name of answer.columns) fillCell(line.insertCell(), row[name]);
    }
    shown = Math.min(rows.length, shown + PAGE);
    more.hidden = shown >= rows.length;
    more.textContent = say(`再显示 ${Math.min(PAGE, rows.length - shown)} 行(共 ${rows.length})`, `Show ${Math.min(PAGE, rows.length - shown)} more of ${rows.length}`);
  }
  more.addEventListener("click", fillTable);
  fillTable();
  find("view").replaceChildren(table, more);
}

function fillCell(cell, term) {
  if (!term) return;
  if (term.type === "uri" && term.value.startsWith(ID)) {
    const link = document.createElement("a");
    link.href = `/entity/${encodeURIComponent(term.value.slice(ID.length))}?lang=${language}`;
    link.textContent = write(term);
    cell.append(link);
  } else {
    cell.textContent = write(term);
    if (term.type === "uri") cell.title = term.value;
  }
  if (isNumber(term)) cell.className = "number";
  else if (cell.textContent.replace(/[\u0000-\u02ff]{2}/g, "x").length <= 13) cell.className = "short";
  else if (cell.textContent.length > 24) cell.className = "long";
}

function compare(left, right) {
  if (!left || !right) return left ? -1 : right ? 1 : 0;
  if (isNumber(left) && isNumber(right)) return Number(left.value) - Number(right.value);
  return write(left).localeCompare(write(right), "zh");
}

// ---------------------------------------------------------------- taking away

function save(name, media, ...parts) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: media }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function writeCsv() {
  const cell = (text) => {
    const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const lines = [answer.columns.map((name) => cell(answer.titles[name]))];
  for (const row of answer.rows) lines.push(answer.columns.map((name) => (row[name] ? cell(write(row[name])) : "")));
  if (answer.truth !== undefined) lines.push([String(answer.truth)]);
  return "\ufeff" + lines.map((line) => line.join(",")).join("\r\n") + "\r\n";
}

find("form").addEventListener("submit", (event) => { event.preventDefault(); run(); });
find("query").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
});
find("stop").addEventListener("click", () => running?.abort());
find("question-search").addEventListener("input", (event) => listQuestions(event.target.value));
find("save-csv").addEventListener("click", () => save("lianzhu.csv", "text/csv", writeCsv()));
find("save-json").addEventListener("click", () => {
  const isRows = raw.media.includes("json");
  save(isRows ? "lianzhu.json" : "lianzhu.nt", raw.media, raw.text);
});
find("copy-link").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(location.href);
    tell(say("链接已复制。", "The link is copied."));
  } catch {
    tell(location.href);
  }
});
find("language").addEventListener("click", (event) => {
  event.preventDefault();
  location.href = `${location.pathname}?lang=${language === "zh" ? "en" : "zh"}#${new URLSearchParams({ query: find("query").value })}`;
});
document.querySelector("[role=tablist]").addEventListener("click", (event) => {
  if (event.target.id?.startsWith("tab-")) show(event.target.id.slice(4));
});
document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
  const tabs = ["table", "chart", "graph"], step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  show(tabs[(tabs.indexOf(view) + step + 3) % 3]);
  find(`tab-${view}`).focus();
});
begin();

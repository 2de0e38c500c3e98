// The query editor: colours behind a plain text area, and completion of what the ontology names.

const TOKEN = /(#[^\n]*)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(<[^<>"{}|^`\\\s]*>)|([?$][\p{L}\p{N}_]+)|([\p{L}\p{N}_-]*:[\p{L}\p{N}_.%-]*)|([A-Za-z]+)/gu;
const KEYWORDS = ("ASK SELECT DISTINCT CONSTRUCT DESCRIBE WHERE FILTER OPTIONAL UNION MINUS BIND VALUES GRAPH ORDER BY GROUP HAVING LIMIT OFFSET " +
  "PREFIX BASE FROM NAMED AS ASC DESC NOT EXISTS IN COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT CONTAINS STRSTARTS STRENDS REGEX LANG STR IF " +
  "COALESCE BOUND CONCAT REPLACE SUBSTR STRLEN ABS ROUND REDUCED UNDEF").split(" ");
const KEYWORD = new Set(KEYWORDS);
const KINDS = [null, "comment", "string", "name", "variable", "name", "keyword"];

export function makeEditor(area, shade, list, language) {
  let terms = [], found = [], chosen = -1, start = 0;
  const isChinese = language === "zh";

  function paint() {
    const pieces = [];
    let end = 0;
    for (const match of area.value.matchAll(TOKEN)) {
      const kind = KINDS.findIndex((name, group) => group > 0 && match[group] !== undefined);
      if (kind === 6 && !KEYWORD.has(match[0].toUpperCase()) && match[0] !== "a") continue;
      pieces.push(area.value.slice(end, match.index));
      const span = document.createElement("span");
      span.className = KINDS[kind];
      span.textContent = match[0];
      pieces.push(span);
      end = match.index + match[0].length;
    }
    shade.replaceChildren(...pieces, area.value.slice(end) + "\n ");
    follow();
  }
  function follow() {
    shade.scrollTop = area.scrollTop;
    shade.scrollLeft = area.scrollLeft;
  }
  function close() {
    list.hidden = true;
    chosen = -1;
    area.setAttribute("aria-expanded", "false");
    area.removeAttribute("aria-activedescendant");
  }
  function search(word) {
    const low = word.toLowerCase();
    if (/^[?$]/.test(word)) {
      const names = new Set(area.value.match(/[?$][\p{L}\p{N}_]+/gu) || []);
      names.delete(word);
      return [...names].filter((name) => name.startsWith(word)).map((name) => ({ name, note: "" }));
    }
    const scored = [];
    for (const term of terms) {
      const local = term.name.split(":")[1].toLowerCase(), label = isChinese ? term.zh : term.en;
      const at = term.name.toLowerCase().startsWith(low) || local.startsWith(low) ? 0
        : term.zh.startsWith(word) || term.en.toLowerCase().startsWith(low) ? 1
        : term.zh.includes(word) || local.includes(low) ? 2 : -1;
      if (at >= 0) scored.push([at + (term.kind === "concept" ? 0.5 : 0), { name: term.name, note: label }]);
    }
    scored.sort((left, right) => left[0] - right[0]);
    const words = word.length > 1 ? KEYWORDS.filter((name) => name.startsWith(word.toUpperCase())) : [];
    return [...words.map((name) => ({ name, note: "" })), ...scored.map((pair) => pair[1])].slice(0, 40);
  }
  function open(forced) {
    const before = area.value.slice(0, area.selectionStart);
    const word = before.match(/[?$]?[\p{L}\p{N}_:.-]*$/u)[0];
    const line = before.slice(before.lastIndexOf("\n") + 1);
    if (area.selectionStart !== area.selectionEnd || (!forced && word.length < 1) || /^\s*#/.test(line)) return close();
    start = area.selectionStart - word.length;
    found = search(word).filter((item) => item.name !== word);
    if (!found.length) return close();
    list.replaceChildren(...found.map((item, index) => {
      const row = document.createElement("li"), note = document.createElement("small");
      row.id = `completion-${index}`;
      row.setAttribute("role", "option");
      row.append(item.name, note);
      note.textContent = item.note;
      row.addEventListener("mousedown", (event) => { event.preventDefault(); take(index); });
      return row;
    }));
    list.hidden = false;
    area.setAttribute("aria-expanded", "true");
    choose(0);
    place(before.slice(0, start));
  }
  function place(before) {
    const probe = document.createElement("span"), style = getComputedStyle(area);
    probe.style.cssText = `position:absolute;visibility:hidden;white-space:pre;font:${style.font};tab-size:2`;
    probe.textContent = before.slice(before.lastIndexOf("\n") + 1);
    document.body.append(probe);
    const width = probe.getBoundingClientRect().width;
    probe.remove();
    const height = parseFloat(style.lineHeight), row = before.split("\n").length;
    const left = parseFloat(style.paddingLeft) + width - area.scrollLeft;
    list.style.left = `${Math.max(0, Math.min(left, area.clientWidth - list.offsetWidth - 8))}px`;
    list.style.top = `${parseFloat(style.paddingTop) + row * height - area.scrollTop + 2}px`;
  }
  function choose(index) {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = (index + found.length) % found.length;
    list.children[chosen].setAttribute("aria-selected", "true");
    list.children[chosen].scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", `completion-${chosen}`);
  }
  function take(index) {
    area.setRangeText(found[index].name + " ", start, area.selectionStart, "end");
    close();
    paint();
    area.dispatchEvent(new Event("change"));
  }
  area.addEventListener("input", () => { paint(); open(false); });
  area.addEventListener("scroll", () => { follow(); close(); });
  area.addEventListener("blur", close);
  area.addEventListener("click", close);
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === " " && event.ctrlKey) { event.preventDefault(); open(true); return; }
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Tab" || (event.key === "Enter" && !event.ctrlKey && !event.metaKey)) take(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  new ResizeObserver(follow).observe(area);
  return {
    setTerms(value) { terms = value; },
    setText(text, fit = true) {
      area.value = text;
      area.scrollTop = 0;
      if (fit) area.style.height = `${(Math.min(22, Math.max(7, text.split("\n").length)) + 1.4) * parseFloat(getComputedStyle(area).lineHeight)}px`;
      close();
      paint();
    },
  };
}

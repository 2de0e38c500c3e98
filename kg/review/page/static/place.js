// Offsets of the document (Unicode code points) ⇄ places in the marked text.

const text = document.getElementById("text");
const length = (string) => { let n = 0; for (const _ of string) n += 1; return n; };
const lines = () => text.children;

// The text nodes of a line, without the buttons that stand in it.
function* textNodes(line) {
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("button")) yield walker.currentNode;
}

export function lineAt(offset) {
  const all = lines();
  let low = 0, high = all.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (Number(all[middle].dataset.start) <= offset) low = middle; else high = middle - 1;
  }
  return all[low] ?? null;
}

function pointAt(offset, isEnd) {
  const line = lineAt(isEnd ? Math.max(0, offset - 1) : offset);
  if (!line) return null;
  let left = offset - Number(line.dataset.start), last = null;
  for (const node of textNodes(line)) {
    last = node;
    const size = length(node.data);
    if (left < size || (isEnd && left === size)) {
      return [node, [...node.data].slice(0, Math.max(0, left)).join("").length];
    }
    left -= size;
  }
  return last ? [last, last.data.length] : null;
}

export function rangeOf(start, end) {
  const from = pointAt(start, false), to = pointAt(end, true);
  if (!from || !to) return null;
  const range = document.createRange();
  range.setStart(...from);
  range.setEnd(...to);
  return range;
}

function offsetOf(node, offset) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const line = element.closest("#text > p");
  if (!line) return null;
  const range = document.createRange();
  range.setStart(line, 0);
  range.setEnd(node, offset);
  let count = 0;
  for (const own of textNodes(line)) {
    if (!range.intersectsNode(own)) break;
    count += length(own === node ? own.data.slice(0, offset) : own.data);
    if (own === node) break;
  }
  return Number(line.dataset.start) + count;
}

// The selected stretch of the document: {start, end, text}, or null.
export function readSelection() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = offsetOf(range.startContainer, range.startOffset);
  const end = offsetOf(range.endContainer, range.endOffset);
  if (start === null || end === null || end <= start) return null;
  return { start, end, text: readText(start, end) };
}

// The document's own characters between two offsets, line ends included.
export function readText(start, end) {
  let found = "";
  for (const line of lines()) {
    const from = Number(line.dataset.start);
    if (from >= end) break;
    const own = [...[...textNodes(line)].map((node) => node.data).join("")];
    if (from + own.length <= start) continue;
    if (found) found += "\n";
    found += own.slice(Math.max(0, start - from), end - from).join("");
  }
  return found;
}

// Mark the quote of the card in the text and bring it into sight.
export function point(card, scroll = true) {
  for (const old of text.querySelectorAll(".now")) old.classList.remove("now");
  globalThis.CSS?.highlights?.clear();
  if (!card?.dataset.start) return;
  const { start, end, from } = card.dataset;
  const range = rangeOf(Number(start), Number(end));
  if (!range) return;
  if (globalThis.Highlight) CSS.highlights.set("quote", new Highlight(range));
  const line = lineAt(Number(from));
  line?.classList.add("now");
  if (!scroll || !line) return;
  const box = range.getBoundingClientRect(), frame = text.getBoundingClientRect();
  if (box.top < frame.top + 40 || box.bottom > frame.bottom - 60) {
    text.scrollTop += box.top - frame.top - Math.max(40, (frame.height - box.height) / 3);
  }
}

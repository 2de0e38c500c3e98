// Pictures of an answer: bars for amounts, a graph for relations.

const SVG = "http://www.w3.org/2000/svg";
const MOST_BARS = 60, MOST_NODES = 300;

function draw(name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

export function isNumber(cell) {
  return cell !== undefined && cell.type !== "uri" && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(cell.value) &&
    /#(integer|decimal|double|float|long|int|nonNegativeInteger)$/.test(cell.datatype || "");
}

export function writeAmount(value, isChinese) {
  const size = Math.abs(value);
  const scaled = isChinese ? (size >= 1e8 ? [1e8, " 亿"] : size >= 1e4 ? [1e4, " 万"] : [1, ""])
    : size >= 1e9 ? [1e9, " bn"] : size >= 1e6 ? [1e6, " m"] : [1, ""];
  return (value / scaled[0]).toLocaleString("en", { maximumFractionDigits: 2 }) + scaled[1];
}

export function drawBars(place, answer, say, isChinese) {
  const { columns, rows, titles, show } = answer;
  const numeric = columns.filter((name) => rows.some((row) => isNumber(row[name])));
  const words = columns.filter((name) => !numeric.includes(name));
  const choice = document.createElement("div"), picture = document.createElement("div");
  choice.className = "chart-choice";
  const label = choose(say("按", "By"), words.length ? words : columns, titles);
  const amount = choose(say("数值", "Amount"), [...numeric, ""], { ...titles, "": say("行数", "number of rows") });
  const sizes = new Map(words.map((name) => [name, new Set(rows.map((row) => row[name]?.value)).size]));
  const best = (numeric.length && words.find((name) => sizes.get(name) === rows.length)) || words.find((name) => sizes.get(name) > 1);
  if (best) label.select.value = best;
  choice.append(label.box, amount.box);
  place.replaceChildren(choice, picture);
  const paint = () => picture.replaceChildren(bars(count(label.select.value, amount.select.value)));
  label.select.addEventListener("change", paint);
  amount.select.addEventListener("change", paint);
  paint();

  function choose(text, names, headings) {
    const box = document.createElement("label"), select = document.createElement("select");
    for (const name of names) select.append(new Option(headings[name] ?? name, name));
    box.append(text + " ", select);
    return { box, select };
  }
  function count(by, of) {
    if (of) {
      return rows.filter((row) => isNumber(row[of])).map((row) => [row[by] ? show(row[by]) : "—", Number(row[of].value)]);
    }
    const sums = new Map();
    for (const row of rows) {
      const key = row[by] ? show(row[by]) : "—";
      sums.set(key, (sums.get(key) || 0) + 1);
    }
    return [...sums];
  }
  function bars(pairs) {
    pairs = pairs.sort((left, right) => right[1] - left[1]);
    const shown = pairs.slice(0, MOST_BARS), left = pairs.length - shown.length;
    const width = Math.max(320, place.clientWidth - 26), name = Math.min(260, width * 0.36), end = 110, high = 26;
    const most = Math.max(...shown.map((pair) => Math.abs(pair[1])), 1e-9);
    const height = shown.length * high + (left ? high : 0) + 6;
    const svg = draw("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img",
      "aria-label": say(`条形图,${pairs.length} 项`, `bar chart, ${pairs.length} items`) });
    const letters = Math.floor(name / 13.5);
    shown.forEach(([text, value], index) => {
      const top = index * high;
      const cut = cutText(text, letters);
      const caption = draw("text", { x: name - 8, y: top + 18, "text-anchor": "end" }, cut);
      caption.append(draw("title", {}, text));
      const long = (Math.abs(value) / most) * (width - name - end);
      svg.append(caption, draw("rect", { x: name, y: top + 5, width: Math.max(1, long), height: high - 9, rx: 2 }),
        draw("text", { class: "amount", x: name + Math.max(1, long) + 6, y: top + 18 }, writeAmount(value, isChinese)));
    });
    if (left) svg.append(draw("text", { class: "amount", x: name, y: height - 8 }, say(`还有 ${left} 项`, `${left} more`)));
    return svg;
  }
}

function cutText(text, most) {
  let width = 0, end = 0;
  for (const letter of text) {
    width += /[\u0000-\u02ff]/.test(letter) ? 0.55 : 1;
    if (width > most) return text.slice(0, end) + "…";
    end += letter.length;
  }
  return text;
}

let library;
function loadLibrary() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "/static/vis-network.min.js";
    script.onload = () => resolve(window.vis);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

// Columns that can be joined: names rather than numbers or sentences, and not the same in every row.
function findEnds(answer) {
  const typical = (name) => {
    const lengths = answer.rows.map((row) => row[name]?.value.length ?? 0).sort((left, right) => left - right);
    return lengths[Math.floor(lengths.length / 2)];
  };
  const names = answer.columns.filter((name) => !answer.rows.some((row) => isNumber(row[name])) &&
    (answer.rows.some((row) => row[name]?.type === "uri") || typical(name) <= 14));
  const varied = names.filter((name) => answer.rows.length < 2 || new Set(answer.rows.map((row) => row[name]?.value)).size > 1);
  return varied.length > 1 ? varied : names;
}

function findEdges(answer, from, to, by) {
  if (answer.triples) {
    return answer.triples.filter((triple) => triple[2].type === "uri" || answer.triples.length < 200)
      .map(([subject, predicate, object]) => [subject, object, answer.show(predicate)]);
  }
  const edges = new Map();
  for (const row of answer.rows) {
    if (!row[from] || !row[to] || from === to) continue;
    const edge = [row[from], row[to], by && row[by] ? answer.show(row[by]) : ""];
    edges.set(JSON.stringify(edge), edge);
  }
  return [...edges.values()];
}

export function drawGraph(place, answer, say, keep) {
  const picture = document.createElement("div");
  const ends = answer.triples ? [] : findEnds(answer);
  const paint = (...names) => drawNetwork(picture, answer, say, findEdges(answer, ...names)).then(keep);
  if (answer.triples || ends.length < 2) {
    place.replaceChildren(picture);
    paint();
    return;
  }
  const choice = document.createElement("div");
  choice.className = "chart-choice";
  const selects = [[say("从", "From"), ends[0], false], [say("到", "To"), ends[1], false], [say("边上写", "Label"), ends[2] ?? "", true]]
    .map(([text, value, optional]) => {
      const box = document.createElement("label"), select = document.createElement("select");
      if (optional) select.append(new Option(say("(无)", "(none)"), ""));
      for (const name of answer.columns) select.append(new Option(answer.titles[name] ?? name, name));
      select.value = value;
      select.addEventListener("change", () => paint(...selects.map((one) => one.value)));
      box.append(text + " ", select);
      choice.append(box);
      return select;
    });
  place.replaceChildren(choice, picture);
  paint(...selects.map((one) => one.value));
}

async function drawNetwork(place, answer, say, edges) {
  const nodes = new Map(), kept = [];
  for (const [from, to, name] of edges) {
    if (nodes.size >= MOST_NODES && !(nodes.has(from.value) && nodes.has(to.value))) continue;
    nodes.set(from.value, from);
    nodes.set(to.value, to);
    kept.push([from, to, name]);
  }
  const note = document.createElement("p");
  note.className = "empty";
  if (!kept.length) {
    note.textContent = say("这个答案里没有可连成图的关系。", "Nothing in this answer forms a graph.");
    place.replaceChildren(note);
    return null;
  }
  note.textContent = say("正在画图…", "Drawing…");
  place.replaceChildren(note);
  const vis = await loadLibrary();
  const canvas = document.createElement("div"), style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--ink").trim(), sheet = style.getPropertyValue("--sheet").trim();
  const colour = (name) => style.getPropertyValue(name).trim();
  canvas.className = "canvas";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", say(`关系图,${nodes.size} 个节点,${kept.length} 条边;表格有同样的内容`,
    `graph of ${nodes.size} nodes and ${kept.length} edges; the table has the same`));
  place.replaceChildren(canvas);
  if (kept.length < edges.length) {
    note.textContent = say(`只画出前 ${MOST_NODES} 个节点。`, `The first ${MOST_NODES} nodes are drawn.`);
    place.prepend(note);
  }
  const first = new Set(kept.map((edge) => edge[0].value));
  return new vis.Network(canvas, {
    nodes: [...nodes].map(([id, term]) => ({
      id, label: cutText(answer.show(term), 14), shape: "dot", size: first.has(id) ? 11 : 7,
      color: first.has(id) ? colour("--accent") : colour("--blue"),
      font: { color: ink, size: 14, strokeWidth: 4, strokeColor: sheet },
    })),
    edges: kept.map(([from, to, name]) => ({
      from: from.value, to: to.value, label: kept.length <= 60 ? name : undefined, arrows: { to: { scaleFactor: 0.5 } },
      color: { color: colour("--faint"), opacity: 0.6, highlight: colour("--accent") },
      font: { color: colour("--faint"), size: 11, strokeWidth: 3, strokeColor: sheet },
    })),
  }, {
    layout: { randomSeed: 7, improvedLayout: nodes.size < 120 },
    interaction: { hover: false, tooltipDelay: 1e9 },
    physics: { stabilization: { iterations: 250 }, barnesHut: { springLength: 95, centralGravity: 1.5, avoidOverlap: 0.4 } },
  });
}

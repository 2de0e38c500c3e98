// The lines of the bands. Each is one stated relation; hidden where the page is narrow.

const CLEARANCE = 14;

function drawWires(list) {
  const jobs = [];
  for (const band of list.children) if (band.band && !band.wired) jobs.push(measureBand(band));
  for (const job of jobs) paintWires(job);
}

function redrawWires() {
  const list = document.querySelector('.bands');
  if (!list) return;
  for (const band of list.children) band.wired = false;
  drawWires(list);
  fadeBands();
}

function measureBand(element) {
  const frame = element.getBoundingClientRect();
  const boxes = new Map();
  for (const node of element.querySelectorAll('.node')) {
    const box = node.getBoundingClientRect();
    boxes.set(Number(node.dataset.entity), { left: box.left - frame.left, right: box.right - frame.left, top: box.top - frame.top, bottom: box.bottom - frame.top, middle: box.top - frame.top + box.height / 2 });
  }
  const columns = [...element.querySelectorAll('.column')].map((column) => {
    const box = column.getBoundingClientRect();
    return { left: box.left - frame.left, right: box.right - frame.left };
  });
  const flat = columns.length > 1 && columns[0].right > columns[1].left;
  const head = element.querySelector('.chain').getBoundingClientRect();
  return { element, boxes, columns, chain: head.top - frame.top + head.height / 2, width: frame.width, height: frame.height, flat };
}

function paintWires(job) {
  const { element, boxes, flat } = job;
  const band = element.band;
  const layer = element.querySelector('.wires');
  element.wired = true;
  layer.replaceChildren();
  if (flat) return;
  layer.setAttribute('viewBox', `0 0 ${job.width} ${job.height}`);
  for (const item of band.columns[0]) {
    const fact = item.facts.map((place) => facts[place]).find((other) => other.relation === 'anchors' && other.object === band.industry)
      ?? item.facts.map((place) => facts[place]).find((other) => otherEnd(other, item.place) === band.industry);
    if (fact && boxes.has(item.place)) {
      const end = boxes.get(item.place);
      paintWire(layer, fact, { left: 0, right: job.columns[0].left - 34, middle: job.chain }, end, null);
    }
  }
  for (const fact of band.lines) {
    let [from, to] = [boxes.get(fact.subject), boxes.get(fact.object)];
    if (!from || !to) continue;
    if (from.left > to.left) [from, to] = [to, from];
    paintWire(layer, fact, from, to, laneBetween(job, from, to));
  }
}

function paintWire(layer, fact, from, to, lane) {
  const [x1, y1, x2, y2] = [from.right, from.middle, to.left, to.middle];
  let path;
  if (x2 <= x1) {
    path = `M${from.left} ${y1} C${from.left - 16} ${y1} ${to.left - 16} ${y2} ${to.left} ${y2}`;
  } else if (lane) {
    path = `M${x1} ${y1} C${lane.left - 6} ${y1} ${lane.left - 8} ${lane.y} ${lane.left + 4} ${lane.y} L${lane.right - 4} ${lane.y} C${lane.right + 8} ${lane.y} ${lane.right + 6} ${y2} ${x2} ${y2}`;
  } else {
    const bend = (x2 - x1) / 2;
    path = `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  }
  const style = isProspect(fact) || fact.role === 'yituo' ? 'dashed' : '';
  append(layer, [
    svg('path', { d: path, class: `wire ${style}`, 'data-fact': fact.place }),
    svg('path', { d: path, class: 'wire-hit', onclick: () => selectFact(fact.place) }, svg('title', {}, sayFact(fact))),
  ]);
}

/** For a line that passes over the project column: the gap between boxes nearest to its middle. */
function laneBetween(job, from, to) {
  const column = job.columns[1];
  if (!(from.right <= column.left && to.left >= column.right)) return null;
  const blocks = [...job.boxes.values()].filter((box) => box.left < column.right && box.right > column.left).sort((a, b) => a.top - b.top);
  if (!blocks.length) return null;
  const wanted = (from.middle + to.middle) / 2;
  const gaps = [blocks[0].top - CLEARANCE / 2, ...blocks.slice(1).map((box, rank) => (blocks[rank].bottom + box.top) / 2), blocks.at(-1).bottom + CLEARANCE / 2];
  const y = gaps.reduce((best, gap) => (Math.abs(gap - wanted) < Math.abs(best - wanted) ? gap : best));
  return { left: column.left, right: column.right, y };
}

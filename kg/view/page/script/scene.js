// A picture of the view as SVG made of boxes, lines and text, whatever the view was drawn with.

const PICTURE_MARGIN = 24;

function makePicture() {
  if (state.view === 'chain') return chainPicture();
  if (state.view === 'network' && net.drawing) return networkPicture();
  return null;
}

function chainPicture() {
  const root = document.querySelector('.chains');
  const frame = root.getBoundingClientRect();
  const at = (box) => ({ x: box.left - frame.left + PICTURE_MARGIN, y: box.top - frame.top + PICTURE_MARGIN, width: box.width, height: box.height });
  const items = [];
  for (const band of root.querySelectorAll('.band')) {
    const box = at(band.getBoundingClientRect());
    items.push(pictureBox(box, getComputedStyle(band)));
    items.push(svg('rect', { x: box.x, y: box.y, width: 5, height: box.height, fill: readColours().industry.strong }));
    for (const wire of band.querySelectorAll('.wire')) {
      items.push(svg('path', { d: wire.getAttribute('d'), transform: `translate(${box.x} ${box.y})`, fill: 'none', stroke: getComputedStyle(wire).stroke, 'stroke-width': 1.5, 'stroke-dasharray': wire.classList.contains('dashed') ? '4 3' : null, opacity: opacityOf(wire) }));
    }
  }
  for (const part of root.querySelectorAll('.node, .role')) {
    const box = part.getBoundingClientRect();
    if (box.width && isDrawn(part) && !part.matches('.chain .node')) items.push(pictureBox(at(box), getComputedStyle(part), opacityOf(part)));
  }
  items.push(...pictureTexts(root, at));
  return finishPicture(items, frame.width + 2 * PICTURE_MARGIN, frame.height + 2 * PICTURE_MARGIN);
}

function isDrawn(part) {
  return !part.closest('details:not([open]) > :not(summary), .more-bands, svg');
}

/** All text of the bands, line by line as the browser broke it. */
function pictureTexts(root, at) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const items = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim() || !isDrawn(node.parentElement)) continue;
    const style = getComputedStyle(node.parentElement);
    for (const line of brokenLines(node, range)) items.push(pictureText(line.text, at(line.box), style, opacityOf(node.parentElement)));
  }
  return items;
}

function brokenLines(node, range) {
  const lines = [];
  let offset = 0;
  for (const character of node.data) {
    range.setStart(node, offset);
    offset += character.length;
    range.setEnd(node, offset);
    const box = range.getBoundingClientRect();
    if (!box.width) continue;
    const last = lines.at(-1);
    if (last && Math.abs(last.box.top - box.top) < box.height / 2) last.text += character;
    else lines.push({ text: character, box });
  }
  return lines;
}

/** Faded as on the screen, where a whole button fades with all that stands in it. */
function opacityOf(part) {
  return part.closest('.faded') ? getComputedStyle(part.closest('.faded')).opacity : null;
}

function pictureBox(box, style, opacity = null) {
  return svg('rect', {
    ...box, rx: Math.min(parseFloat(style.borderTopLeftRadius) || 0, box.height / 2), fill: style.backgroundColor, stroke: style.borderTopWidth === '0px' ? 'none' : style.borderTopColor,
    'stroke-width': parseFloat(style.borderTopWidth) || 0, 'stroke-dasharray': style.borderTopStyle === 'dashed' || style.borderTopStyle === 'dotted' ? '3 2' : null, opacity,
  });
}

function pictureText(text, box, style, opacity) {
  return svg('text', { x: box.x, y: box.y + box.height * 0.79, 'font-size': parseFloat(style.fontSize), 'font-weight': style.fontWeight, fill: style.color, opacity, 'xml:space': 'preserve' }, text);
}

function networkPicture() {
  const look = readColours();
  const ids = net.nodes.getIds();
  const boxes = new Map(ids.map((id) => [id, drawnBox(id)]));
  const all = [...boxes.values()];
  const left = Math.min(...all.map((box) => box.left)) - PICTURE_MARGIN;
  const top = Math.min(...all.map((box) => box.top)) - PICTURE_MARGIN;
  const middle = (box) => ({ x: (box.left + box.right) / 2 - left, y: (box.top + box.bottom) / 2 - top });
  const items = net.edges.get().map((edge) => {
    const [a, b] = [middle(boxes.get(edge.from)), rimPoint(boxes.get(edge.from), boxes.get(edge.to), middle)];
    return svg('path', { d: `M${a.x} ${a.y} L${b.x} ${b.y}`, stroke: look.line, 'stroke-width': 1.2, 'marker-end': 'url(#arrow)', 'stroke-dasharray': edge.dashes ? '4 3' : null }, svg('title', {}, sayFact(facts[edge.id])));
  });
  for (const node of net.nodes.get()) {
    const box = boxes.get(node.id);
    items.push(svg('rect', { x: box.left - left, y: box.top - top, width: box.right - box.left, height: box.bottom - box.top, rx: node.shapeProperties.borderRadius, fill: look.paper }));
    items.push(svg('rect', { x: box.left - left, y: box.top - top, width: box.right - box.left, height: box.bottom - box.top, rx: node.shapeProperties.borderRadius, fill: node.color.background, stroke: node.color.border, 'stroke-width': node.borderWidth, opacity: node.opacity, 'stroke-dasharray': node.shapeProperties.borderDashes ? '4 3' : null }));
    items.push(svg('text', { x: middle(box).x, y: middle(box).y + 5, 'text-anchor': 'middle', 'font-size': 13, fill: node.font.color }, entities[node.id].label.length > 14 ? node.label : entities[node.id].label));
  }
  return finishPicture(items, Math.max(...all.map((box) => box.right)) - left + PICTURE_MARGIN, Math.max(...all.map((box) => box.bottom)) - top + PICTURE_MARGIN);
}

/** The box of a node as drawn: vis-network adds the radius of its corners all around. */
function drawnBox(id) {
  const box = net.drawing.getBoundingBox(id);
  const radius = net.nodes.get(id).shapeProperties.borderRadius;
  return { left: box.left + radius, right: box.right - radius, top: box.top + radius, bottom: box.bottom - radius };
}

/** Where a line from the middle of one box meets the rim of another. */
function rimPoint(from, to, middle) {
  const [a, b] = [middle(from), middle(to)];
  const [dx, dy] = [a.x - b.x, a.y - b.y];
  const share = Math.min((to.right - to.left) / 2 / Math.abs(dx || 1e-9), (to.bottom - to.top) / 2 / Math.abs(dy || 1e-9), 1);
  return { x: b.x + dx * share, y: b.y + dy * share };
}

function arrowHead(colour) {
  return svg('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' }, svg('path', { d: 'M0 0 L8 4 L0 8 z', fill: colour }));
}

function finishPicture(items, width, height) {
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  const root = svg('svg', { xmlns: SVG, width: w, height: h, viewBox: `0 0 ${w} ${h}`, 'font-family': getComputedStyle(document.body).fontFamily },
    svg('title', {}, document.title), svg('defs', {}, arrowHead(readColours().line)), svg('rect', { width: w, height: h, fill: readColours().paper }), items);
  return { text: new XMLSerializer().serializeToString(root), width: w, height: h };
}

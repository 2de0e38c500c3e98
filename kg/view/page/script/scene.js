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
      items.push(svg('path', { d: wire.getAttribute('d'), transform: `translate(${box.x} ${box.y})`, fill: 'none', stroke: getComputedStyle(wire).stroke, 'stroke-width': 1.5, 'stroke-dasharray': wire.classList.contains('dashed') ? '4 3' : null }));
    }
  }
  for (const part of root.querySelectorAll('.band-head span, .node, .node .name, .node .role, .node .remark, .sub, .rest > summary, .chains > .note')) {
    const box = part.getBoundingClientRect();
    if (!box.width || part.closest('details:not([open]) > :not(summary)')) continue;
    const style = getComputedStyle(part);
    if (part.matches('.node, .role')) items.push(pictureBox(at(box), style));
    if (!part.matches('.node')) items.push(pictureText(part.textContent, at(box), style));
  }
  return finishPicture(items, frame.width + 2 * PICTURE_MARGIN, frame.height + 2 * PICTURE_MARGIN);
}

function pictureBox(box, style) {
  return svg('rect', {
    ...box, rx: Math.min(parseFloat(style.borderTopLeftRadius) || 0, box.height / 2), fill: style.backgroundColor, stroke: style.borderTopWidth === '0px' ? 'none' : style.borderTopColor,
    'stroke-width': parseFloat(style.borderTopWidth) || 0, 'stroke-dasharray': style.borderTopStyle === 'dashed' || style.borderTopStyle === 'dotted' ? '3 2' : null, opacity: style.opacity,
  });
}

function pictureText(text, box, style) {
  const size = parseFloat(style.fontSize);
  const centred = style.textAlign === 'center' || style.display.includes('flex');
  return svg('text', { x: centred ? box.x + box.width / 2 : box.x, y: box.y + box.height / 2 + size * 0.36, 'text-anchor': centred ? 'middle' : null, 'font-size': size, 'font-weight': style.fontWeight, fill: style.color }, text);
}

function networkPicture() {
  const look = readColours();
  const ids = net.nodes.getIds();
  const boxes = new Map(ids.map((id) => [id, net.drawing.getBoundingBox(id)]));
  const all = [...boxes.values()];
  const left = Math.min(...all.map((box) => box.left)) - PICTURE_MARGIN;
  const top = Math.min(...all.map((box) => box.top)) - PICTURE_MARGIN;
  const middle = (box) => ({ x: (box.left + box.right) / 2 - left, y: (box.top + box.bottom) / 2 - top });
  const items = net.edges.get().map((edge) => {
    const [a, b] = [middle(boxes.get(edge.from)), middle(boxes.get(edge.to))];
    return svg('path', { d: `M${a.x} ${a.y} L${b.x} ${b.y}`, stroke: look.line, 'stroke-width': 1.2, 'stroke-dasharray': edge.dashes ? '4 3' : null }, svg('title', {}, sayFact(facts[edge.id])));
  });
  for (const node of net.nodes.get()) {
    const box = boxes.get(node.id);
    items.push(svg('rect', { x: box.left - left, y: box.top - top, width: box.right - box.left, height: box.bottom - box.top, rx: node.shapeProperties.borderRadius, fill: look.paper }));
    items.push(svg('rect', { x: box.left - left, y: box.top - top, width: box.right - box.left, height: box.bottom - box.top, rx: node.shapeProperties.borderRadius, fill: node.color.background, stroke: node.color.border, 'stroke-width': node.borderWidth, opacity: node.opacity, 'stroke-dasharray': node.shapeProperties.borderDashes ? '4 3' : null }));
    items.push(svg('text', { x: middle(box).x, y: middle(box).y + 5, 'text-anchor': 'middle', 'font-size': 13, fill: node.font.color }, entities[node.id].label.length > 14 ? node.label : entities[node.id].label));
  }
  return finishPicture(items, Math.max(...all.map((box) => box.right)) - left + PICTURE_MARGIN, Math.max(...all.map((box) => box.bottom)) - top + PICTURE_MARGIN);
}

function finishPicture(items, width, height) {
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  const root = svg('svg', { xmlns: SVG, width: w, height: h, viewBox: `0 0 ${w} ${h}`, 'font-family': getComputedStyle(document.body).fontFamily },
    svg('title', {}, document.title), svg('rect', { width: w, height: h, fill: readColours().paper }), items);
  return { text: new XMLSerializer().serializeToString(root), width: w, height: h };
}

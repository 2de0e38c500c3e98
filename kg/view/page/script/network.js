// The pyvis network: the same entities and relations as nodes and edges, a part at a time.

const MOST_NODES = 300;
const MOST_AROUND = 60;
const MOST_CHOICES = 40;
const MOST_EXPANDED = 24; // neighbours that an expanded name brings
const MOST_BESIDE = 12; // neighbours that come with a name chosen from outside the drawing
const MOST_LABELS = 24; // beyond it the words on the lines cover one another
const SMALLEST_SCALE = 0.7; // below it labels cannot be read: the rest is reached by panning
const net = { drawing: null, nodes: null, edges: null, shape: '', grown: [], filter: 0, spots: new Map() };

function drawNetwork(main) {
  if (!main.querySelector('.canvas')) {
    refill(main, el('div', { class: 'network' }, networkTools(),
      el('div', { class: 'canvas', tabindex: '0', role: 'application', 'aria-label': t('network.label'), onkeydown: networkKey }),
      el('p', { class: 'note', id: 'network-note' }, t('network.note'))));
    net.drawing?.destroy();
    net.drawing = null;
  }
  if (!net.drawing) startNetwork(main.querySelector('.canvas'));
  growTo(shapeName());
  refreshNetwork();
}

/** The part of the network that is drawn before anything is added to it. */
function shapeName() {
  if (isWhole(state.path)) return `path ${state.path}`;
  if (state.around >= 0) return `around ${state.around}`;
  if (state.part >= 0) return `document ${state.part}`;
  return state.gap >= 0 ? `gap ${state.gap}` : 'first';
}

/** Draw the shape and what was added to it, in order: the same address gives the same drawing. */
function growTo(shape) {
  const chosen = `${state.grown.slice(0, net.grown.length)}` === `${net.grown}`;
  const filtered = net.filter !== filterVersion && (shape !== 'first' || net.grown.length > 0);
  if (net.shape !== shape || !net.spots.size || !chosen || filtered) loadShape(shape);
  net.filter = filterVersion;
  for (const [place, most] of state.grown.slice(net.grown.length)) grow(place, most);
  if (state.entity >= 0 && !net.spots.has(state.entity)) {
    state.grown = [...state.grown, [state.entity, MOST_BESIDE]];
    grow(state.entity, MOST_BESIDE);
    keepAddress({ silent: true });
  }
}

function grow(place, most) {
  addNodes([place, ...nearest(place, most)]);
  net.grown = [...net.grown, [place, most]];
}

function networkTools() {
  const tool = (id, word, act) => el('button', { type: 'button', id, onclick: act }, t(word));
  return el('div', { class: 'tools', role: 'toolbar', 'aria-label': t('view.network') },
    tool('net-first', 'network.first', () => change({ around: -1, part: -1, path: null, grown: [] })),
    partChoice(),
    tool('net-around', 'network.around', () => state.entity >= 0 && change({ around: state.entity, part: -1, path: null })),
    tool('net-expand', 'network.expand', () => state.entity >= 0 && expand(state.entity)),
    tool('net-in', 'network.in', () => zoom(1.3)), tool('net-out', 'network.out', () => zoom(1 / 1.3)),
    tool('net-fit', 'network.fit', () => net.drawing.fit({ animation: false })),
    el('span', { class: 'count', id: 'network-count' }));
}

/** Go to the part of the network around a chain, a park or a place, or that of a document. */
function partChoice() {
  const busiest = (type) => entities.filter((entity) => hasType(entity, type) && entity.facts.length).sort((a, b) => b.facts.length - a.facts.length).slice(0, MOST_CHOICES);
  const choose = el('select', { id: 'net-part', 'aria-label': t('network.part'), onchange: () => {
    const [kind, place] = choose.value.split(' ');
    if (kind === 'document') change({ part: Number(place), around: -1, path: null });
    else if (kind) change({ around: Number(place), entity: Number(place), fact: -1, part: -1, path: null });
  } }, el('option', { value: '' }, t('network.part')),
  ['Industry', 'Park', 'Place'].map((type) => el('optgroup', { label: tOr('type', type) }, busiest(type).map((entity) => el('option', { value: `entity ${entity.place}` }, entity.label)))),
  el('optgroup', { label: t('facet.document') }, documents.slice(0, MOST_CHOICES * 2).map((doc) => el('option', { value: `document ${doc.place}` }, doc.title))));
  return choose;
}

/** The entities of a document that say most, without the place it is of. */
function busiestOf(doc) {
  return entities.filter((entity) => entity.documents.includes(doc) && isVisible(entity.place) && !isOwnPlace(entity) && entity.facts.length)
    .sort((a, b) => b.facts.length - a.facts.length || a.place - b.place).slice(0, MOST_AROUND).map((entity) => entity.place);
}

function startNetwork(canvas) {
  net.nodes = new vis.DataSet();
  net.edges = new vis.DataSet();
  net.spots = new Map();
  net.drawing = new vis.Network(canvas, { nodes: net.nodes, edges: net.edges }, {
    physics: false, layout: { improvedLayout: false, randomSeed: 1 }, autoResize: true,
    interaction: { hover: true, dragNodes: true, multiselect: false, tooltipDelay: 1e9, hideEdgesOnDrag: false, keyboard: false },
    nodes: { shape: 'box', margin: { top: 6, bottom: 6, left: 9, right: 9 }, borderWidth: 1.5, font: { size: 13, face: getComputedStyle(document.body).fontFamily } },
    edges: { arrows: { to: { enabled: true, scaleFactor: 0.5 } }, smooth: { enabled: true, type: 'curvedCW', roundness: 0.08 }, width: 1.2, font: { size: 11, align: 'horizontal' } }, // vis misplaces the turned words of a level line
  });
  net.drawing.on('click', ({ nodes, edges }) => {
    if (nodes.length) select(nodes[0]);
    else if (edges.length) selectFact(edges[0]);
  });
  net.drawing.on('doubleClick', ({ nodes }) => nodes.length && expand(nodes[0]));
}

function loadShape(shape) {
  net.shape = shape;
  net.grown = [];
  net.spots = new Map();
  net.nodes.clear();
  net.edges.clear();
  if (shape === 'first') {
    for (const node of raw.network.nodes) net.spots.set(node.id, { x: node.x, y: node.y });
  } else if (shape.startsWith('path')) {
    const steps = findPath(...state.path);
    addNodes(steps ? steps.nodes : state.path);
  } else if (shape.startsWith('document')) {
    addNodes(busiestOf(state.part));
  } else if (shape.startsWith('gap')) {
    addNodes([...gaps[state.gap].entities].slice(0, MOST_AROUND * 2));
  } else {
    addNodes([state.around, ...nearest(state.around, MOST_AROUND)]);
  }
  refreshNetwork();
  net.drawing.fit({ animation: false, minZoomLevel: SMALLEST_SCALE, maxZoomLevel: 1.2 });
}

/** The neighbours of an entity by shown facts, those with most facts of their own first. */
function nearest(place, limit) {
  const near = new Set();
  for (const fact of entities[place].facts.map((other) => facts[other])) {
    if (isShown(fact) && fact.subject >= 0 && fact.object >= 0) near.add(otherEnd(fact, place));
  }
  near.delete(place);
  return [...near].sort((a, b) => entities[b].facts.length - entities[a].facts.length || a - b).slice(0, limit);
}

function addNodes(places) {
  const next = [...new Set(places)].filter((place) => !net.spots.has(place)).slice(0, Math.max(0, MOST_NODES - net.spots.size));
  const all = new Set([...net.spots.keys(), ...next]);
  const links = linksAmong(all).map((fact) => [fact.subject, fact.object]);
  const spots = arrange(new Map(net.spots), next, links);
  for (const place of next) net.spots.set(place, spots.get(place));
  return next;
}

function expand(place) {
  if (!state.grown.some(([other, most]) => other === place && most === MOST_EXPANDED)) change({ grown: [...state.grown, [place, MOST_EXPANDED]] });
  announce(net.spots.size >= MOST_NODES ? t('network.full', MOST_NODES) : t('network.count', net.spots.size, net.edges.length, entities.length));
}

function linksAmong(places) {
  const found = [];
  for (const place of places) {
    for (const number of entities[place].facts) {
      const fact = facts[number];
      if (fact.subject === place && fact.object >= 0 && places.has(fact.object) && isShown(fact)) found.push(fact);
    }
  }
  return found;
}

/** Bring colours, filter and choice into the drawing; positions stay. */
function refreshNetwork() {
  const look = readColours();
  const visible = new Set([...net.spots.keys()].filter((place) => isVisible(place) || state.entity === place || state.path?.includes(place)));
  const links = linksAmong(visible);
  const lit = litNodes(visible, links);
  const known = new Set(net.nodes.getIds());
  net.nodes.update([...visible].map((place) => nodeLook(place, look, lit, known.has(place))));
  net.nodes.remove([...known].filter((place) => !visible.has(place)));
  net.edges.clear(); // an update would leave old words on the lines
  net.edges.add(links.map((fact) => edgeLook(fact, look, lit)));
  byId('network-count').textContent = t('network.count', visible.size, links.length, entities.length);
}

/** The choice and its neighbours stay bright; null while nothing is chosen. */
function litNodes(visible, links) {
  const chosen = state.fact >= 0 ? [facts[state.fact].subject, facts[state.fact].object] : [state.entity];
  if (!chosen.some((place) => visible.has(place))) return null;
  const lit = new Set(chosen);
  if (state.fact < 0) for (const fact of links) if (chosen.includes(fact.subject) || chosen.includes(fact.object)) lit.add(fact.subject).add(fact.object);
  return lit;
}

function nodeLook(place, look, lit, exists) {
  const entity = entities[place];
  const colours = look[typeClass(entity)];
  const faded = lit && !lit.has(place);
  const [role] = rolesOf(entity);
  const chosen = state.entity === place;
  const filled = role === 'longtou' || role === 'lianzhu' || chosen;
  const node = {
    id: place, label: shorten(entity.label), opacity: faded ? 0.25 : 1, borderWidth: chosen ? 3 : 1.5,
    color: { background: filled ? colours.strong : colours.soft, border: colours.strong, highlight: { background: colours.strong, border: colours.strong }, hover: { background: colours.soft, border: colours.strong } },
    font: { color: faded ? look.faint : filled ? colours.onStrong : colours.text, multi: false },
    shapeProperties: { borderDashes: role === 'yituo' || role === 'prospect' ? [4, 3] : false, borderRadius: entity.types[0] === 'Enterprise' ? 14 : 4 },
  };
  if (!exists) Object.assign(node, net.spots.get(place));
  return node;
}

function edgeLook(fact, look, lit) {
  const bright = !lit || (lit.has(fact.subject) && lit.has(fact.object) && (state.fact === fact.place || state.entity === fact.subject || state.entity === fact.object));
  return {
    id: fact.place, from: fact.subject, to: fact.object, dashes: isProspect(fact),
    color: { color: bright && lit ? look.lineBright : look.line, opacity: bright ? 1 : 0.2, hover: look.lineBright, highlight: look.lineBright },
    label: bright && lit && lit.size <= MOST_LABELS ? (fact.role && fact.role !== 'other' ? t(`role.${fact.role}`) : tOr('relation', fact.relation)) : undefined,
    font: { color: look.ink, strokeColor: look.paper, strokeWidth: 4 },
  };
}

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  const look = { line: read('line-strong'), lineBright: read('ink'), ink: read('ink'), faint: read('faint'), paper: read('paper') };
  for (const name of ['industry', 'enterprise', 'project', 'park', 'other']) {
    look[name] = { strong: read(name), soft: read(`${name}-soft`), text: read(`${name}-text`), onStrong: read('on-strong') };
  }
  return look;
}

function zoom(factor) {
  net.drawing.moveTo({ scale: net.drawing.getScale() * factor, animation: false });
}

/** Arrow keys go to the nearest node in that direction; Enter opens, + and - zoom. */
function networkKey(event) {
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (event.key === '+' || event.key === '=') zoom(1.2);
  else if (event.key === '-') zoom(1 / 1.2);
  else if (event.key === 'Enter' && state.entity >= 0) expand(state.entity);
  else if (steps[event.key]) {
    event.preventDefault();
    const next = neighbourTowards(steps[event.key]);
    if (next >= 0) select(next);
  }
}

function neighbourTowards([dx, dy]) {
  const ids = net.nodes.getIds();
  const spots = net.drawing.getPositions(ids);
  if (!spots[state.entity]) return ids.length ? ids.reduce((best, id) => (spots[id].x + spots[id].y < spots[best].x + spots[best].y ? id : best)) : -1;
  const here = spots[state.entity];
  let best = -1;
  let least = Infinity;
  for (const id of ids) {
    const [x, y] = [spots[id].x - here.x, spots[id].y - here.y];
    const along = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (along > 4 && along + aside * 2 < least) { least = along + aside * 2; best = id; }
  }
  return best;
}

// What is chosen, filtered and looked at. The address after `#` holds all of it, so a link reopens the view.

const VIEWS = ['chain', 'network', 'table', 'text'];
const TABS = ['relation', 'measure', 'entity', 'verdict'];
const FACETS = ['type', 'modality', 'role', 'relation', 'year', 'document', 'reviewer', 'verdict'];

const state = fresh();

function fresh() {
  return {
    view: 'chain', entity: -1, fact: -1, off: Object.fromEntries(FACETS.map((facet) => [facet, new Set()])),
    gap: -1, amount: 0, tab: 'relation', document: 0, at: -1, around: -1, part: -1, path: null, compare: null,
  };
}

/** Change the state, then the address and the page. `silent` keeps the browser's history as it is. */
function change(part, { silent = false } = {}) {
  Object.assign(state, part);
  const address = writeAddress();
  if (address !== location.hash) {
    if (silent) history.replaceState(null, '', address || '#');
    else history.pushState(null, '', address || '#');
  }
  render();
}

function select(place) {
  change({ entity: place, fact: -1 });
  announce(entities[place].label);
}

function selectFact(place) {
  change({ fact: place, entity: -1 });
}

function writeAddress() {
  const parts = [];
  const add = (name, value) => parts.push(`${name}=${encodeURIComponent(value)}`);
  if (state.view !== 'chain') add('view', state.view);
  if (state.entity >= 0) add('at', entities[state.entity].key);
  if (state.fact >= 0) add('fact', facts[state.fact].key);
  for (const facet of FACETS) {
    if (state.off[facet].size) add(`no-${facet}`, [...state.off[facet]].sort().map(encodeURIComponent).join(','));
  }
  if (state.gap >= 0) add('gap', gapName(gaps[state.gap]));
  if (state.amount) add('amount', state.amount);
  if (state.view === 'table' && state.tab !== 'relation') add('tab', state.tab);
  if (state.view === 'text') add('doc', documents[state.document]?.id ?? '');
  if (state.view === 'text' && state.at >= 0) add('quote', raw.evidence[state.at].slice(1, 3).join('-'));
  if (state.view === 'network' && state.around >= 0) add('around', entities[state.around].key);
  if (state.view === 'network' && state.part >= 0) add('part', documents[state.part].id);
  if (isWhole(state.path)) add('path', state.path.map((place) => entities[place].key).join('~'));
  if (isWhole(state.compare)) add('compare', state.compare.map((place) => entities[place].key).join('~'));
  return parts.length ? `#${parts.join('&')}` : '';
}

function readAddress() {
  const next = fresh();
  for (const part of location.hash.slice(1).split('&')) {
    const [name, ...rest] = part.split('=');
    readPart(next, name, decode(rest.join('=')));
  }
  Object.assign(state, next);
}

function readPart(next, name, value) {
  const entity = entityByKey.get(value) ?? -1;
  if (name === 'view' && VIEWS.includes(value)) next.view = value;
  else if (name === 'at') next.entity = entity;
  else if (name === 'fact') next.fact = factByKey.get(value) ?? -1;
  else if (name.startsWith('no-') && next.off[name.slice(3)]) {
    next.off[name.slice(3)] = new Set(value.split(',').map(decode));
  } else if (name === 'gap') next.gap = gaps.findIndex((gap) => gapName(gap) === value);
  else if (name === 'amount') next.amount = Number(value) || 0;
  else if (name === 'tab' && TABS.includes(value)) next.tab = value;
  else if (name === 'doc') next.document = Math.max(0, documents.findIndex((doc) => doc.id === value));
  else if (name === 'quote') next.at = findQuote(next.document, value);
  else if (name === 'around') next.around = entity;
  else if (name === 'part') next.part = documents.findIndex((doc) => doc.id === value);
  else if (name === 'path') next.path = readPair(value);
  else if (name === 'compare') next.compare = readPair(value);
}

function readPair(value) {
  const pair = value.split('~').map((key) => entityByKey.get(key) ?? -1);
  return pair.length === 2 && pair.every((place) => place >= 0) ? pair : null;
}

function isWhole(pair) {
  return pair !== null && pair.every((place) => place >= 0);
}

function findQuote(doc, value) {
  const [start, end] = value.split('-').map(Number);
  return raw.evidence.findIndex((row) => row[0] === doc && row[1] === start && row[2] === end);
}

function gapName(gap) {
  return gap.kind === 'notStated' ? `notStated-${gap.place}` : gap.kind;
}

function decode(value) {
  try { return decodeURIComponent(value); } catch { return ''; }
}

// What is chosen, filtered and looked at. The address after `#` holds all of it, so a link reopens the view.

const VIEWS = ['chain', 'network', 'table', 'text'];
const TABS = ['relation', 'measure', 'entity', 'verdict'];
const FACETS = ['type', 'modality', 'role', 'relation', 'year', 'document', 'reviewer', 'verdict'];

const state = fresh();

function fresh() {
  return {
    view: 'chain', entity: -1, fact: -1, off: Object.fromEntries(FACETS.map((facet) => [facet, new Set()])),
    gap: -1, amount: 0, tab: 'relation', sort: '', down: false, document: 0, at: -1,
    around: -1, part: -1, path: null, grown: [], bands: new Set(), compare: null,
  };
}

/** Change the state, then the address and the page. `silent` keeps the browser's history as it is. */
function change(part, { silent = false } = {}) {
  const shape = shapeName();
  Object.assign(state, part);
  if (shapeName() !== shape && !part.grown) state.grown = [];
  keepAddress({ silent });
  render();
}

function keepAddress({ silent }) {
  const address = writeAddress();
  if (address === location.hash) return;
  if (silent) history.replaceState(null, '', address || '#');
  else history.pushState(null, '', address || '#');
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
  if (state.view === 'table' && state.sort) add('sort', `${state.down ? '-' : ''}${state.sort}`);
  if (state.view === 'chain' && state.bands.size) add('bands', [...state.bands].map((place) => entities[place].key).sort().join('~'));
  if (state.view === 'text') add('doc', documents[state.document]?.id ?? '');
  if (state.view === 'text' && state.at >= 0) add('quote', raw.evidence[state.at].slice(1, 3).join('-'));
  if (state.view === 'network' && state.around >= 0) add('around', entities[state.around].key);
  if (state.view === 'network' && state.part >= 0) add('part', documents[state.part].id);
  if (state.view === 'network' && state.grown.length) add('grown', state.grown.map(([place, most]) => `${entities[place].key}${most === MOST_EXPANDED ? '!' : ''}`).join('~'));
  if (isWhole(state.path)) add('path', state.path.map((place) => entities[place].key).join('~'));
  if (isWhole(state.compare)) add('compare', state.compare.map((place) => entities[place].key).join('~'));
  if (language !== LANGUAGES[0]) add('lang', language);
  return parts.length ? `#${parts.join('&')}` : '';
}

function readAddress() {
  const next = fresh();
  for (const part of location.hash.slice(1).split('&')) {
    const [name, ...rest] = part.split('=');
    readPart(next, name, decode(rest.join('=')));
  }
  Object.assign(state, next);
  if (!SCREEN_COLUMNS[state.tab].includes(state.sort)) Object.assign(state, { sort: '', down: false });
}

/** The language of a link goes before the reader's own; a bare address has none. */
function readLanguage({ first }) {
  const given = location.hash.match(/[#&]lang=(\w+)/)?.[1] ?? (first && location.hash.length > 1 ? LANGUAGES[0] : language);
  const changed = LANGUAGES.includes(given) && given !== language;
  if (changed) language = given;
  return changed;
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
  else if (name === 'sort') Object.assign(next, { sort: value.replace('-', ''), down: value.startsWith('-') });
  else if (name === 'bands') next.bands = new Set(readKeys(value));
  else if (name === 'grown') next.grown = value.split('~').map((key) => [entityByKey.get(key.replace('!', '')) ?? -1, key.endsWith('!') ? MOST_EXPANDED : MOST_BESIDE]).filter(([place]) => place >= 0);
  else if (name === 'doc') next.document = Math.max(0, documents.findIndex((doc) => doc.id === value));
  else if (name === 'quote') next.at = findQuote(next.document, value);
  else if (name === 'around') next.around = entity;
  else if (name === 'part') next.part = documents.findIndex((doc) => doc.id === value);
  else if (name === 'path') next.path = readPair(value);
  else if (name === 'compare') next.compare = readPair(value);
}

function readKeys(value) {
  return value.split('~').map((key) => entityByKey.get(key) ?? -1).filter((place) => place >= 0);
}

function readPair(value) {
  const pair = readKeys(value);
  return pair.length === 2 ? pair : null;
}

function isWhole(pair) {
  return pair !== null && pair.every((place) => place >= 0);
}

function findQuote(doc, value) {
  const [start, end] = value.split('-').map(Number);
  return raw.evidence.findIndex((row) => row[0] === doc && row[1] === start && row[2] === end);
}

function gapName(gap) {
  return gap.kind === 'notStated' ? `notStated-${[...gap.facts].map((place) => facts[place].key).join('~')}` : gap.kind;
}

function decode(value) {
  try { return decodeURIComponent(value); } catch { return ''; }
}

// Two names side by side: what the text says of each, what it says of both, what of neither.

function openCompare(first = state.entity) {
  change({ compare: [first, -1] });
  byId(first >= 0 ? 'compare-right' : 'compare-left')?.focus();
}

function drawCompare() {
  const dialog = byId('compare-dialog');
  if (!state.compare) { if (dialog.open) dialog.close(); return; }
  const box = (id, word, rank) => combobox({
    id, label: t(word), placeholder: t('search'), value: state.compare[rank] >= 0 ? entities[state.compare[rank]].label : '',
    choose: (place) => { change({ compare: state.compare.with(rank, place) }); byId(id)?.focus(); },
  });
  refill(dialog, el('div', { class: 'dialog-head' }, el('h2', { id: 'compare-title' }, t('compare')),
    el('button', { type: 'button', class: 'icon', 'aria-label': t('close'), onclick: () => change({ compare: null }) }, '×')),
  el('div', { class: 'pair' }, box('compare-left', 'compare.left', 0), box('compare-right', 'compare.right', 1)),
  isWhole(state.compare) ? compareTable(...state.compare.map((place) => entities[place])) : el('p', { class: 'note' }, t('compare.choose')));
  if (!dialog.open) dialog.showModal();
}

function compareTable(left, right) {
  const sides = [left, right].map(aspectsOf);
  const names = [...new Set(sides.flatMap((side) => [...side.keys()]))];
  return el('div', { class: 'scroll' }, el('table', { class: 'compare' },
    el('thead', {}, el('tr', {}, el('td', {}), [left, right].map((entity) => el('th', { scope: 'col' }, nameLinkAway(entity.place))))),
    el('tbody', {}, names.map((name) => el('tr', {}, el('th', { scope: 'row' }, name), sides.map((side, rank) => el('td', {}, aspectCell(side.get(name), sides[1 - rank].get(name)))))))));
}

function nameLinkAway(place) {
  return el('button', { type: 'button', class: 'link', onclick: () => change({ compare: null, entity: place, fact: -1 }) }, entities[place].label);
}

/** All that is said of an entity by aspect: aspect → [[value, fact], …]. */
function aspectsOf(entity) {
  const aspects = new Map();
  const add = (name, value, fact) => {
    if (!aspects.has(name)) aspects.set(name, []);
    aspects.get(name).push([value, fact]);
  };
  add(t('col.type'), entity.types.map((type) => tOr('type', type)).join('、'), null);
  if (entity.aliases.length) add(t('col.aliases'), entity.aliases.join('、'), null);
  const known = entity.facts.map((place) => facts[place]).filter(isShown);
  for (const fact of known) {
    if (fact.measure) add(fact.indicator, [fact.value, tOr('modality', fact.modality), fact.period].filter(Boolean).join(' · '), fact);
    else if (fact.subject === entity.place) add(fact.role && fact.role !== 'other' ? t(`role.${fact.role}`) : tOr('relation', fact.relation), objectName(fact), fact);
    else add(`← ${tOr('relation', fact.relation)}`, subjectName(fact), fact);
  }
  add(t('col.document'), entity.documents.map((place) => documents[place].title).join('、'), null);
  return aspects;
}

function aspectCell(mine, other) {
  if (!mine) return el('span', { class: 'none' }, t('compare.nothing'));
  const theirs = new Set((other || []).map(([value]) => value));
  return el('ul', { class: 'plain' }, mine.map(([value, fact]) => el('li', {},
    fact ? el('button', { type: 'button', class: 'link', onclick: () => change({ compare: null, fact: fact.place, entity: -1 }) }, value) : value,
    theirs.has(value) && fact ? el('span', { class: 'tag' }, t('compare.shared')) : null)));
}

// The first view: a band for each industry chain, with its anchors, projects and parks.
// What stands in a band the text relates to that industry; a line is a relation the text states.

const BANDS_AT_ONCE = 24;
const ITEMS_IN_COLUMN = 5;
const CHIPS_AT_ONCE = 60;
const RELATED = new Set(['anchors', 'inIndustry', 'develops', 'supports', 'recruits', 'builds', 'leads', 'participatesIn', 'undertakes', 'locatedIn', 'along']);
const BAND_TYPES = new Set(['Enterprise', 'Project', 'Park', 'Place', 'Organization']);
let bandLimit = BANDS_AT_ONCE;

function drawChains(main) {
  const bands = raw.order.filter(isVisible).map(makeBand);
  const full = bands.filter((band) => band.columns.some((column) => column.length));
  const bare = bands.filter((band) => !band.columns.some((column) => column.length));
  const inBands = new Set(full.flatMap((band) => [band.industry, ...band.columns.flat().map((item) => item.place)]).concat(bare.map((band) => band.industry)));
  full.sort((a, b) => tierOf(a) - tierOf(b));
  const list = el('div', { class: 'bands', role: 'group', 'aria-label': t('view.chain') });
  refill(main, el('div', { class: 'chains' },
    el('div', { class: 'band-head', 'aria-hidden': 'true' }, ['chain', 'firm', 'project', 'park'].map((column) => el('span', {}, t(`column.${column}`)))),
    full.length ? list : shown.entityCount ? null : el('p', { class: 'empty' }, t('chain.empty')),
    el('div', { class: 'more-bands' }),
    chipSection(t('chain.bare'), bare.map((band) => band.industry), true),
    restSections(inBands),
    el('p', { class: 'note' }, t('chain.note'))));
  growBands(main, list, full);
}

function growBands(main, list, bands) {
  const target = bandOfChoice(bands);
  if (target >= bandLimit) bandLimit = target + 4;
  const drawnBands = list.querySelectorAll('.band').length;
  bands.slice(drawnBands, bandLimit).forEach((band, rank) => {
    const before = bands[drawnBands + rank - 1];
    if (!before || tierOf(before) !== tierOf(band)) append(list, [el('h2', { class: 'tier' }, t(tierOf(band) ? 'chain.others' : 'chain.anchored'), el('span', { class: 'count' }, bands.filter((other) => tierOf(other) === tierOf(band)).length))]);
    append(list, [bandElement(band)]);
  });
  drawWires(list);
  const more = main.querySelector('.more-bands');
  refill(more, bands.length > bandLimit ? el('button', { type: 'button', class: 'wide', onclick: () => { bandLimit += BANDS_AT_ONCE; growBands(main, list, bands); fadeBands(); } },
    t('chain.moreBands', Math.min(BANDS_AT_ONCE, bands.length - bandLimit))) : null);
}

function bandOfChoice(bands) {
  if (state.entity < 0) return -1;
  return bands.findIndex((band) => band.industry === state.entity || band.columns.flat().some((item) => item.place === state.entity));
}

/** The columns of an industry's band and the lines between them, from the facts that pass the filter. */
function makeBand(industry) {
  const band = { industry, columns: [[], [], []], parents: [], lines: [], items: new Map() };
  for (const place of entities[industry].facts) {
    const fact = facts[place];
    if (!isShown(fact) || fact.measure || fact.object < 0 || fact.subject < 0) continue;
    const other = otherEnd(fact, industry);
    if (fact.relation === 'partOf' || fact.relation === 'memberOf') {
      if (fact.subject === industry) band.parents.push(other);
    } else if (RELATED.has(fact.relation) && isBandItem(other)) {
      addItem(band, other, fact);
    }
  }
  addSecondHop(band);
  orderColumns(band);
  return band;
}

/** Firms by role; projects and parks beside what they are joined to, so that lines are short and seldom cross. */
function orderColumns(band) {
  band.columns[0].sort((a, b) => roleRank(a) - roleRank(b) || a.order - b.order);
  const rank = new Map(band.columns[0].map((item, place) => [item.place, place]));
  for (const column of band.columns.slice(1)) {
    const best = new Map(column.map((item) => [item.place, Infinity]));
    for (const fact of band.lines) {
      for (const [here, there] of [[fact.subject, fact.object], [fact.object, fact.subject]]) {
        if (best.has(here) && rank.has(there)) best.set(here, Math.min(best.get(here), rank.get(there)));
      }
    }
    column.sort((a, b) => (best.get(a.place) === best.get(b.place) ? a.order - b.order : best.get(a.place) - best.get(b.place)));
    column.forEach((item, place) => rank.set(item.place, place));
  }
}

/** What may stand in a band: firms, projects, parks and places, but not the place the document is of. */
function isBandItem(place) {
  const entity = entities[place];
  return isVisible(place) && !hasType(entity, 'Industry') && !isOwnPlace(entity) && entity.types.some((type) => BAND_TYPES.has(type));
}

/** Bands with an anchor come first. */
function tierOf(band) {
  return band.columns[0].some((item) => item.role || item.prospect) ? 0 : 1;
}

function addItem(band, place, fact, line = false) {
  let item = band.items.get(place);
  if (!item) {
    item = { place, role: '', prospect: false, facts: [], order: place };
    band.items.set(place, item);
    band.columns[columnOf(entities[place], fact)].push(item);
  }
  item.facts.push(fact.place);
  if (fact.relation === 'anchors' && fact.object === band.industry) {
    const prospect = isProspect(fact);
    if (!item.role || roleRank({ role: fact.role, prospect }) < roleRank(item)) Object.assign(item, { role: fact.role, prospect });
  } else if (!item.role) {
    item.prospect = hasType(entities[place], 'Enterprise') && item.facts.every((number) => isProspect(facts[number]));
  }
  if (line) band.lines.push(fact);
}

/** What the members of a band are joined to: a firm's projects, the park a project or firm lies in. */
function addSecondHop(band) {
  for (const column of [0, 1]) for (const item of [...band.columns[column]]) {
    for (const place of entities[item.place].facts) {
      const fact = facts[place];
      if (!isShown(fact) || fact.object < 0 || fact.subject < 0) continue;
      const other = otherEnd(fact, item.place);
      const joins = (fact.relation === 'undertakes')
        || (fact.relation === 'locatedIn' && fact.subject === item.place && (hasType(entities[other], 'Park') || band.items.has(other)));
      if (joins && isBandItem(other) && !band.lines.includes(fact)) addItem(band, other, fact, true);
    }
  }
}

function columnOf(entity, fact) {
  if (hasType(entity, 'Enterprise') || (fact.relation === 'anchors' && !hasType(entity, 'Park'))) return 0;
  if (hasType(entity, 'Project') && !hasType(entity, 'Park')) return 1;
  if (hasType(entity, 'Park') && hasType(entity, 'Project')) return 1;
  return 2;
}

function roleRank(item) {
  return item.prospect ? 20 : (ORDER.role.indexOf(item.role) + 1 || 10);
}

function bandElement(band) {
  const open = state.bands.has(band.industry);
  const element = el('div', { class: 'band', role: 'group', 'aria-label': entities[band.industry].label, 'data-band': band.industry });
  append(element, [
    el('div', { class: 'chain' },
      nodeButton(band.industry), el('p', { class: 'sub' }, describeBand(band)),
      band.parents.length ? el('p', { class: 'sub' }, band.parents.map((parent, rank) => [rank ? ' ' : '', nameLink(parent, t('chain.partOf', entities[parent].label))])) : null),
    ...band.columns.map((column, rank) => columnElement(band, column, rank, open)),
    svg('svg', { class: 'wires', 'aria-hidden': 'true' }),
  ]);
  element.band = band;
  return element;
}

function columnElement(band, column, rank, open) {
  const limit = open || column.length <= ITEMS_IN_COLUMN + 1 ? column.length : ITEMS_IN_COLUMN;
  const name = t(`column.${['firm', 'project', 'park'][rank]}`);
  return el('ul', { class: `column ${['firms', 'projects', 'parks'][rank]}`, 'aria-label': name, 'data-name': column.length ? name : '' },
    column.slice(0, limit).map((item) => el('li', {}, nodeButton(item.place, {
      role: item.role, prospect: item.prospect, remark: hasRemark(entities[item.place]) ? remarkOf(entities[item.place]) : '', hint: hintOf(item),
    }))),
    column.length > limit || (open && column.length > ITEMS_IN_COLUMN + 1)
      ? el('li', {}, el('button', { type: 'button', class: 'link fold', 'aria-expanded': String(open), onclick: () => foldBand(band, !open) }, open ? t('chain.less') : t('chain.more', column.length - limit))) : null);
}

function foldBand(band, open) {
  const bands = new Set(state.bands);
  if (open) bands.add(band.industry); else bands.delete(band.industry);
  change({ bands }, { silent: true });
  document.querySelector(`[data-band="${band.industry}"] .fold`)?.focus();
}

/** The stated relations that put an item into its band, in words. */
function hintOf(item) {
  return item.facts.slice(0, 3).map((place) => sayFact(facts[place])).join('；');
}

function sayFact(fact) {
  const word = fact.relation === 'anchors' ? `${t('relation.anchors')}（${fact.basis || t(`role.${fact.role}`)}）` : tOr('relation', fact.relation);
  return `${subjectName(fact)} ${word} ${objectName(fact)}`;
}

function describeBand(band) {
  const counts = new Map();
  for (const item of band.columns.flat()) {
    const role = item.prospect ? 'prospect' : item.role;
    if (role) counts.set(role, (counts.get(role) || 0) + 1);
  }
  return [...ORDER.role, 'prospect'].filter((role) => counts.has(role))
    .map((role) => (role === 'prospect' ? t('chain.prospects', counts.get(role)) : t('chain.roles', counts.get(role), t(`role.${role}`)))).join(' · ');
}

function chipSection(title, places, open) {
  if (!places.length) return null;
  return el('details', { class: 'rest', open: open || state.gap >= 0 }, el('summary', {}, title, el('span', { class: 'count' }, places.length)), chips(places));
}

function chips(places) {
  const box = el('div', { class: 'chips' });
  let limit = 0;
  const grow = () => {
    box.querySelector('.fold')?.remove();
    append(box, places.slice(limit, limit + CHIPS_AT_ONCE).map((place) => nodeButton(place, { plain: true, remark: hasRemark(entities[place]) ? remarkOf(entities[place]) : '' })));
    limit += CHIPS_AT_ONCE;
    if (places.length > limit) append(box, [el('button', { type: 'button', class: 'link fold', onclick: () => { grow(); fadeBands(); } }, t('chain.more', places.length - limit))]);
  };
  grow();
  return box;
}

function hasRemark(entity) {
  return ['Project', 'Park', 'Group'].includes(mainType(entity));
}

/** Everything that passes the filter and stands in no band, by type. */
function restSections(inBands) {
  const byType = new Map();
  for (const entity of entities) {
    if (!isVisible(entity.place) || inBands.has(entity.place)) continue;
    if (!byType.has(mainType(entity))) byType.set(mainType(entity), []);
    byType.get(mainType(entity)).push(entity.place);
  }
  return ORDER.type.filter((type) => byType.has(type)).map((type) => chipSection(t('chain.rest', tOr('type', type)), byType.get(type), ['Enterprise', 'Project', 'Park'].includes(type)));
}

function revealChoice() {
  const node = document.querySelector('main .chosen');
  if (!node) return;
  node.closest('details')?.setAttribute('open', '');
  const box = node.getBoundingClientRect();
  const frame = byId('main').getBoundingClientRect();
  if (box.top < frame.top || box.bottom > frame.bottom) node.scrollIntoView({ block: 'center' });
}

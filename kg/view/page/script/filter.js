// Which facts and entities pass the filter, and how many would of each value: one pass over all facts.

const AMOUNTS = [0, 1, 1e7, 1e8, 1e9, 1e10];
const ORDER = {
  type: ['Industry', 'Enterprise', 'Project', 'Park', 'Place', 'Organization', 'Initiative', 'Group'],
  modality: ['actual', 'planned', 'target', 'stretch'],
  role: ['lianzhu', 'longtou', 'lingjun', 'gugan', 'yituo', 'other'],
  verdict: ['accept', 'reject', 'unsure'],
};

const shown = { facts: new Uint8Array(facts.length), entities: new Uint8Array(entities.length), counts: {}, entityCount: 0, factCount: 0 };
let shownFor = null;

// The values by which a fact is judged; an empty list means that the facet says nothing of it.
const VALUES = {
  modality: (fact) => [fact.modality],
  role: (fact) => (fact.role ? [fact.role] : []),
  relation: (fact) => [fact.relation],
  year: (fact) => fact.years,
  document: (fact) => fact.documents.map((place) => documents[place].id),
  reviewer: (fact) => fact.reviewers,
  verdict: (fact) => [fact.verdict ?? 'accept'],
};

function isShown(fact) {
  return shown.facts[fact.place] === 1;
}

function isVisible(place) {
  return shown.entities[place] === 1;
}

function isFiltered() {
  return state.gap >= 0 || state.amount > 0 || FACETS.some((facet) => state.off[facet].size > 0);
}

function applyFilter() {
  const signature = JSON.stringify([FACETS.map((facet) => [...state.off[facet]]), state.gap, state.amount]);
  if (signature === shownFor) return false;
  shownFor = signature;
  const counts = Object.fromEntries(FACETS.map((facet) => [facet, new Map()]));
  const nearly = new Uint8Array(entities.length); // has a fact that passes all but the types
  const passing = new Uint8Array(entities.length);
  shown.factCount = 0;
  for (const fact of facts) {
    const failed = failedFacets(fact);
    shown.facts[fact.place] = failed.length ? 0 : 1;
    if (!failed.length) shown.factCount += 1;
    for (const facet of failed.length ? (failed.length === 1 ? failed : []) : Object.keys(VALUES)) {
      if (VALUES[facet]) for (const value of VALUES[facet](fact)) counts[facet].set(value, (counts[facet].get(value) || 0) + 1);
    }
    for (const end of [fact.subject, fact.object]) {
      if (end < 0) continue;
      if (!failed.length) passing[end] = 1;
      if (!failed.length || (failed.length === 1 && failed[0] === 'type')) nearly[end] = 1;
    }
  }
  for (const row of undecided) counts.verdict.set(row.verdict, (counts.verdict.get(row.verdict) || 0) + 1);
  countEntities(counts, nearly, passing);
  shown.counts = counts;
  return true;
}

function failedFacets(fact) {
  const failed = [];
  for (const facet of Object.keys(VALUES)) {
    const off = state.off[facet];
    if (!off.size) continue;
    const values = VALUES[facet](fact);
    if (values.length && values.every((value) => off.has(value))) failed.push(facet);
  }
  if (state.off.type.size && [fact.subject, fact.object].some((end) => end >= 0 && isTypeOff(entities[end]))) failed.push('type');
  if (state.gap >= 0 && !isInGap(fact)) failed.push('gap');
  if (state.amount && !isAmountIn(fact)) failed.push('amount');
  return failed;
}

function countEntities(counts, nearly, passing) {
  const factFilter = ['modality', 'role', 'relation', 'year', 'reviewer', 'verdict'].some((facet) => state.off[facet].size);
  shown.entityCount = 0;
  for (const entity of entities) {
    const fits = (!factFilter || nearly[entity.place])
      && (!state.off.document.size || entity.documents.some((place) => !state.off.document.has(documents[place].id)))
      && (state.gap < 0 || gaps[state.gap].entities.has(entity.place))
      && (!state.amount || entity.amount >= state.amount || (nearly[entity.place] === 1));
    if (fits) for (const type of entity.types) counts.type.set(type, (counts.type.get(type) || 0) + 1);
    const visible = fits && !isTypeOff(entity) && (!factFilter || passing[entity.place] === 1);
    shown.entities[entity.place] = visible ? 1 : 0;
    if (visible) shown.entityCount += 1;
  }
}

function isTypeOff(entity) {
  return entity.types.every((type) => state.off.type.has(type));
}

function isInGap(fact) {
  const gap = gaps[state.gap];
  return gap.facts.has(fact.place) || gap.entities.has(fact.subject) || gap.entities.has(fact.object);
}

function isAmountIn(fact) {
  return [fact.subject, fact.object].some((end) => end >= 0 && entities[end].amount >= state.amount);
}

const knownValues = new Map();

function valuesOf(facet) {
  if (!knownValues.has(facet)) knownValues.set(facet, listValues(facet));
  return knownValues.get(facet);
}

/** All values of a facet that occur, in their fixed order or by size. */
function listValues(facet) {
  const all = new Map();
  const add = (value) => all.set(value, (all.get(value) || 0) + 1);
  if (facet === 'type') for (const entity of entities) entity.types.forEach(add);
  else for (const fact of facet === 'verdict' ? [...facts, ...undecided] : facts) VALUES[facet](fact).forEach(add);
  const rank = (value) => (ORDER[facet] ? (ORDER[facet].indexOf(value) + 1 || 99) : 0);
  return [...all.keys()].sort((a, b) => rank(a) - rank(b)
    || (facet === 'year' ? (a === '' ? 1 : b === '' ? -1 : a.localeCompare(b)) : all.get(b) - all.get(a)) || (a < b ? -1 : 1));
}

function toggle(facet, value) {
  const off = new Set(state.off[facet]);
  if (!off.delete(value)) off.add(value);
  change({ off: { ...state.off, [facet]: off } }, { silent: true });
}

/** Leave only this value of a facet on; once more brings all back. */
function keepOnly(facet, value) {
  const others = valuesOf(facet).filter((other) => other !== value);
  const isOnly = state.off[facet].size === others.length && !state.off[facet].has(value);
  change({ off: { ...state.off, [facet]: new Set(isOnly ? [] : others) } }, { silent: true });
}

function clearFilter() {
  change({ off: fresh().off, gap: -1, amount: 0 }, { silent: true });
}

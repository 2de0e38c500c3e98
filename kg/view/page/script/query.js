// The SPARQL that gives the rows an export holds. Keys, fixed words and escaped literals stand in it, never text of a document.

const PREFIXES = [
  'PREFIX kg: <https://w3id.org/lianzhu/ontology#>', 'PREFIX id: <https://w3id.org/lianzhu/id/>',
  'PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>', 'PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>',
  'PREFIX skos: <http://www.w3.org/2004/02/skos/core#>', 'PREFIX oa: <http://www.w3.org/ns/oa#>',
  'PREFIX dcterms: <http://purl.org/dc/terms/>', 'PREFIX unit: <http://qudt.org/vocab/unit/>',
].join('\n');
const MODALITY_NAMES = { actual: 'Actual', planned: 'Planned', target: 'Target', stretch: 'Stretch' };
const ROLE_NAMES = { lianzhu: 'ChainOwner', longtou: 'DragonHead', lingjun: 'Leader', gugan: 'Backbone', yituo: 'RecruitmentMagnet' };
const SAFE_KEY = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

// The three kinds of fact. Each binds its own labels: a pattern on an unbound ?o would match everything.
const STATEMENTS = `{ ?fact rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o .
    OPTIONAL { ?s skos:prefLabel ?sl FILTER(LANG(?sl) = "zh") } BIND(COALESCE(?sl, STR(?s)) AS ?subject)
    OPTIONAL { ?p rdfs:label ?pl FILTER(LANG(?pl) = "zh") } BIND(COALESCE(?pl, STR(?p)) AS ?relation)
    OPTIONAL { ?o skos:prefLabel ?ol FILTER(LANG(?ol) = "zh") } BIND(COALESCE(?ol, STR(?o)) AS ?object) }`;
const ABSENCES = `{ ?fact a kg:NotStated ; kg:missing ?object .
    OPTIONAL { ?fact kg:about ?s . ?s skos:prefLabel ?sl } OPTIONAL { ?fact kg:subjectText ?st }
    BIND(COALESCE(?sl, ?st) AS ?subject) BIND(kg:notStated AS ?p) BIND("原文未写明" AS ?relation) }`;
const MEASURES = '{ ?fact a kg:Measure ; kg:about ?s ; kg:indicator ?relation ; kg:valueText ?object . ?s skos:prefLabel ?subject }';

const LABELS = [
  'OPTIONAL { ?fact kg:modality/skos:prefLabel ?modality FILTER(LANG(?modality) = "zh") }',
  'OPTIONAL { ?fact kg:period ?period }',
  'OPTIONAL { ?fact kg:evidence/oa:exact ?words }',
];
const COLUMNS_OF_QUERY = '?fact ?subject ?relation ?object ?modality ?period';

/** All facts that pass the filter in which an entity stands, with modality, period and quote. */
function queryOfEntity(entity) {
  if (!SAFE_KEY.test(entity.key)) return '';
  const node = `id:${entity.key}`;
  return factQuery(`{ ${STATEMENTS} UNION ${ABSENCES} UNION ${MEASURES} }`, [`FILTER(?s = ${node} || ?o = ${node})`]);
}

/** The rows of a scope: those of the table's tab, in other views relations, absences and measures. */
function queryOfScope(scope) {
  const tab = state.view === 'table' ? state.tab : '';
  if (tab === 'entity') return queryOfEntities(scope);
  const kinds = { relation: [STATEMENTS, ABSENCES], measure: [MEASURES] }[tab] ?? [STATEMENTS, ABSENCES, MEASURES];
  return factQuery(kinds.length > 1 ? `{ ${kinds.join(' UNION ')} }` : kinds[0], scopeFilters(scope));
}

/** The same as `isInScope`: an end that is no entity, such as a status, is no matter. */
function scopeFilters({ places, whole }) {
  if (!places) return [];
  const nodes = keysOf(places).replaceAll(' ', ', ');
  const lines = [`FILTER(?s IN (${nodes}) || ?o IN (${nodes}))`];
  if (whole) for (const end of ['?s', '?o']) lines.push(`FILTER(!BOUND(${end}) || ${end} IN (${nodes}) || NOT EXISTS { ${end} kg:inDocument ?${end.slice(1)}In })`);
  return lines;
}

function factQuery(pattern, extra) {
  const lines = [pattern, ...extra, ...factFilters(), ...LABELS];
  return `${PREFIXES}\nSELECT ${COLUMNS_OF_QUERY} (MIN(?words) AS ?quote) WHERE {\n  ${lines.join('\n  ')}\n} GROUP BY ${COLUMNS_OF_QUERY}\nORDER BY ?relation ?subject ?object ?fact`;
}

function queryOfEntities({ places }) {
  const lines = ['?entity a ?type ; skos:prefLabel ?name .', `VALUES ?type { ${typeNames(ORDER.type.filter((type) => !state.off.type.has(type)))} }`];
  if (places) lines.push(`VALUES ?entity { ${keysOf(places)} }`);
  if (state.gap >= 0) lines.push(`VALUES ?entity { ${keysOf(gaps[state.gap].entities)} }`);
  if (state.off.document.size) lines.push(`?entity kg:inDocument/dcterms:identifier ?of FILTER(?of NOT IN (${idsOff()}))`);
  if (['modality', 'role', 'relation', 'year', 'reviewer', 'verdict'].some((facet) => state.off[facet].size)) {
    lines.push('{ ?fact rdf:subject ?entity } UNION { ?fact rdf:object ?entity } UNION { ?fact kg:about ?entity }', `{ ${STATEMENTS} UNION ${ABSENCES} UNION ${MEASURES} }`, ...factFilters());
  } else if (state.amount) {
    lines.push(`FILTER(${hasAmount('?entity')} || EXISTS { { ?f rdf:subject ?entity ; rdf:object ?end } UNION { ?f rdf:object ?entity ; rdf:subject ?end } FILTER(${hasAmount('?end')}) })`);
  }
  return `${PREFIXES}\nSELECT DISTINCT ?entity ?name WHERE {\n  ${lines.join('\n  ')}\n} ORDER BY ?name ?entity`;
}

/** The page's filter as SPARQL; it says the same as `failedFacets`. */
function factFilters() {
  const { off } = state;
  const lines = [];
  const modalities = named(off.modality, MODALITY_NAMES);
  if (modalities) lines.push(`FILTER NOT EXISTS { ?fact kg:modality ?m FILTER(?m IN (${modalities})) }`);
  const roles = named(off.role, ROLE_NAMES);
  if (roles) lines.push(`FILTER NOT EXISTS { ?fact kg:anchorRole ?r FILTER(?r IN (${roles})) }`);
  if (off.role.has('other')) lines.push('FILTER(!BOUND(?p) || ?p != kg:anchors || EXISTS { ?fact kg:anchorRole ?any })');
  if (off.relation.size) {
    const relations = [...off.relation].filter((value) => SAFE_KEY.test(value) && value !== 'measure').map((value) => `kg:${value}`);
    lines.push(`FILTER(!BOUND(?p) || ?p NOT IN (${relations.join(', ')}))`);
    if (off.relation.has('measure')) lines.push('FILTER(BOUND(?p))');
  }
  if (off.type.size) for (const end of ['?s', '?o']) lines.push(typeFilter(end));
  if (off.year.size) lines.push(yearFilter());
  if (off.document.size) lines.push(`FILTER(EXISTS { ?fact kg:evidence/kg:inDocument/dcterms:identifier ?of FILTER(?of NOT IN (${idsOff()})) } || NOT EXISTS { ?fact kg:evidence ?any })`);
  if (state.gap >= 0) lines.push(gapFilter(gaps[state.gap]));
  if (state.amount) lines.push(`FILTER((BOUND(?s) && ${hasAmount('?s')}) || (BOUND(?o) && ${hasAmount('?o')}))`);
  if (off.verdict.has('accept')) lines.push('FILTER(false)');
  if (off.reviewer.size) lines.push(reviewerFilter());
  return lines;
}

function typeFilter(end) {
  const kept = typeNames(ORDER.type.filter((type) => !state.off.type.has(type)));
  const gone = typeNames(ORDER.type.filter((type) => state.off.type.has(type)));
  return `FILTER(!BOUND(${end}) || EXISTS { ${end} a ?kept FILTER(?kept IN (${kept.replaceAll(' ', ', ')})) } || NOT EXISTS { ${end} a ?gone FILTER(?gone IN (${gone.replaceAll(' ', ', ')})) })`;
}

function yearFilter() {
  const kept = valuesOf('year').filter((year) => /^\d{4}$/.test(year) && !state.off.year.has(year));
  const within = kept.map((year) => `(SUBSTR(STR(?from), 1, 4) <= "${year}" && SUBSTR(STR(?to), 1, 4) >= "${year}")`);
  const dated = `EXISTS { ?fact kg:periodStart ?from ; kg:periodEnd ?to FILTER(${within.join(' || ') || 'false'}) }`;
  return `FILTER(${dated}${state.off.year.has('') ? '' : ' || NOT EXISTS { ?fact kg:periodStart ?begun }'})`;
}

/** Kept is what at least one person checked who is not off; what no person signed goes by its own value. */
function reviewerFilter() {
  const gone = [...state.off.reviewer].filter(Boolean).map(literal).join(', ');
  const signed = `EXISTS { ?fact kg:reviewer ?who${gone ? ` FILTER(?who NOT IN (${gone}))` : ''} }`;
  return `FILTER(${signed}${state.off.reviewer.has('') ? '' : ' || NOT EXISTS { ?fact kg:reviewer ?anyone }'})`;
}

function gapFilter(gap) {
  const nodes = keysOf(gap.entities).replaceAll(' ', ', ');
  const absences = [...gap.facts].map((place) => facts[place].key).filter((key) => SAFE_KEY.test(key)).map((key) => `id:not-stated-${key}`).join(', ');
  return `FILTER(?s IN (${nodes}) || ?o IN (${nodes}) || ?fact IN (${absences}))`;
}

/** Whether something has an amount of money of at least the chosen size. */
function hasAmount(end) {
  const name = end.slice(1);
  return `EXISTS { ?m${name} kg:about ${end} ; kg:unit unit:CCY_CNY . OPTIONAL { ?m${name} kg:high ?h${name} } OPTIONAL { ?m${name} kg:low ?l${name} } FILTER(COALESCE(?h${name}, ?l${name}) >= ${state.amount}) }`;
}

function named(off, names) {
  return [...off].filter((value) => names[value]).map((value) => `kg:${names[value]}`).join(', ');
}

function typeNames(types) {
  return types.map((type) => `kg:${type}`).join(' ');
}

function keysOf(places) {
  return [...places].map((place) => entities[place].key).filter((key) => SAFE_KEY.test(key)).map((key) => `id:${key}`).join(' ');
}

function idsOff() {
  return [...state.off.document].map(literal).join(', ');
}

/** A string of SPARQL that ends where the value ends, whatever stands in it. */
function literal(value) {
  const escapes = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  return `"${value.replace(/[\\"\n\r\t]/g, (character) => escapes[character])}"`;
}

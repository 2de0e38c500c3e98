// The SPARQL that gives the rows a reader sees. Only keys and fixed words stand in it, never text.

const PREFIXES = [
  'PREFIX kg: <https://w3id.org/lianzhu/ontology#>', 'PREFIX id: <https://w3id.org/lianzhu/id/>',
  'PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>', 'PREFIX skos: <http://www.w3.org/2004/02/skos/core#>',
  'PREFIX oa: <http://www.w3.org/ns/oa#>', 'PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>',
].join('\n');
const MODALITY_NAMES = { actual: 'Actual', planned: 'Planned', target: 'Target', stretch: 'Stretch' };
const SAFE_KEY = /^[A-Za-z][A-Za-z0-9-]*$/;

/** All facts in which an entity stands, with modality, period and quote. */
function queryOfEntity(entity) {
  if (!SAFE_KEY.test(entity.key)) return '';
  const node = `id:${entity.key}`;
  return `${PREFIXES}
SELECT DISTINCT ?fact ?subject ?relation ?object ?value ?modality ?period ?quote WHERE {
  { ?fact rdf:subject ${node} } UNION { ?fact rdf:object ${node} } UNION { ?fact kg:about ${node} }
  OPTIONAL { ?fact rdf:subject ?s . ?s skos:prefLabel ?subject }
  OPTIONAL { ?fact rdf:predicate ?relation }
  OPTIONAL { ?fact rdf:object ?o . OPTIONAL { ?o skos:prefLabel ?label } BIND(COALESCE(?label, ?o) AS ?object) }
  OPTIONAL { ?fact kg:indicator ?relation }
  OPTIONAL { ?fact kg:valueText ?value }
  OPTIONAL { ?fact kg:modality ?modality }
  OPTIONAL { ?fact kg:period ?period }
  OPTIONAL { ?fact kg:evidence/oa:exact ?quote }
} ORDER BY ?relation ?fact`;
}

/** The facts that pass the filter, as the table of a tab shows them. */
function queryOfView(tab) {
  if (tab === 'entity') return queryOfEntities();
  const lines = tab === 'measure'
    ? ['?fact a kg:Measure ; kg:indicator ?indicator ; kg:valueText ?value .', 'OPTIONAL { ?fact kg:about ?s . ?s skos:prefLabel ?subject }']
    : ['?fact a kg:Statement ; rdf:subject ?s ; rdf:predicate ?relation ; rdf:object ?o .', 'FILTER NOT EXISTS { ?fact a kg:Measure }',
      'OPTIONAL { ?s skos:prefLabel ?subject }', 'OPTIONAL { ?o skos:prefLabel ?label } BIND(COALESCE(?label, ?o) AS ?object)'];
  lines.push('OPTIONAL { ?fact kg:modality ?modality }', 'OPTIONAL { ?fact kg:period ?period }', 'OPTIONAL { ?fact kg:evidence/oa:exact ?quote }', ...filterLines(tab));
  const columns = tab === 'measure' ? '?subject ?indicator ?value' : '?subject ?relation ?object';
  return `${PREFIXES}\nSELECT DISTINCT ${columns} ?modality ?period ?quote WHERE {\n  ${lines.join('\n  ')}\n}`;
}

function filterLines(tab) {
  const lines = [];
  const off = state.off;
  const modalities = [...off.modality].filter((value) => MODALITY_NAMES[value]).map((value) => `kg:${MODALITY_NAMES[value]}`);
  if (modalities.length) lines.push(`FILTER (!BOUND(?modality) || ?modality NOT IN (${modalities.join(', ')}))`);
  const relations = [...off.relation].filter((value) => SAFE_KEY.test(value) && value !== 'measure').map((value) => `kg:${value}`);
  if (relations.length && tab !== 'measure') lines.push(`FILTER (?relation NOT IN (${relations.join(', ')}))`);
  const types = [...off.type].filter((value) => ORDER.type.includes(value)).map((value) => `kg:${value}`);
  if (types.length) {
    const kept = ORDER.type.filter((type) => !off.type.has(type)).map((type) => `kg:${type}`).join(' ') || 'kg:Nothing';
    for (const end of tab === 'measure' ? ['?s'] : ['?s', '?o']) {
      lines.push(`FILTER (!BOUND(${end}) || !isIRI(${end}) || EXISTS { VALUES ?kept { ${kept} } ${end} a ?kept } || NOT EXISTS { VALUES ?off { ${types.join(' ')} } ${end} a ?off })`);
    }
  }
  const years = valuesOf('year').filter((year) => year && !off.year.has(year));
  if (off.year.size) lines.push(`FILTER (${off.year.has('') ? '' : '!BOUND(?period) || '}REGEX(STR(?period), "${years.join('|') || '^$'}"))`);
  if (state.gap >= 0) lines.push(`VALUES ?s { ${[...gaps[state.gap].entities].map((place) => `id:${entities[place].key}`).join(' ')} }`);
  return lines;
}

function queryOfEntities() {
  const kept = ORDER.type.filter((type) => !state.off.type.has(type)).map((type) => `kg:${type}`).join(' ');
  const limit = state.gap >= 0 ? `\n  VALUES ?entity { ${[...gaps[state.gap].entities].map((place) => `id:${entities[place].key}`).join(' ')} }` : '';
  return `${PREFIXES}\nSELECT DISTINCT ?entity ?name ?type WHERE {\n  VALUES ?type { ${kept} }${limit}\n  ?entity a ?type ; skos:prefLabel ?name .\n} ORDER BY ?name`;
}

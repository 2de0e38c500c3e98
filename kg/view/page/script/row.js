// The rows that tables and exports show: what passes the filter, with the sentence of each fact.

const COLUMNS = {
  relation: ['subject', 'relation', 'object', 'role', 'basis', 'modality', 'period', 'quote', 'sentence', 'document', 'section', 'reviewer', 'reviewed', 'note', 'id'],
  measure: ['subject', 'indicator', 'value', 'comparator', 'low', 'high', 'unit', 'kind', 'base', 'modality', 'period', 'quote', 'sentence', 'document', 'section', 'reviewer', 'reviewed', 'note', 'id'],
  entity: ['name', 'type', 'aliases', 'facts', 'id', 'quote', 'sentence', 'document', 'note'],
  verdict: ['verdict', 'table', 'claim', 'note', 'quote', 'sentence', 'document', 'reviewer', 'reviewed'],
};
// The table on the screen leaves out what the panel says; a role stands with its relation, a comparator with its value.
const SCREEN_COLUMNS = {
  relation: ['subject', 'relation', 'object', 'modality', 'period', 'sentence'],
  measure: ['subject', 'indicator', 'value', 'modality', 'period', 'sentence'],
  entity: ['name', 'type', 'aliases', 'facts', 'sentence'],
  verdict: ['verdict', 'table', 'claim', 'note', 'sentence'],
};

/** The facts or entities of a tab that pass the filter, in the order of the data. */
function rowsOf(tab) {
  if (tab === 'verdict') return undecided.filter((row) => !state.off.verdict.has(row.verdict) && !state.off.document.has(documents[row.documents[0]].id));
  if (tab === 'entity') return entities.filter((entity) => isVisible(entity.place));
  return facts.filter((fact) => fact.measure === (tab === 'measure') && isShown(fact));
}

function cellOf(row, column) {
  const evidence = row.evidence.length ? evidenceAt(row.evidence[0]) : null;
  switch (column) {
    case 'subject': return subjectName(row);
    case 'object': return objectName(row);
    case 'relation': return tOr('relation', row.relation);
    case 'role': return row.role ? t(`role.${isProspect(row) ? 'prospect' : row.role}`) : '';
    case 'modality': return row.modality ? tOr('modality', row.modality) : '';
    case 'comparator': return row.comparator ? tOr('comparator', row.comparator) : '';
    case 'kind': return row.kind ? tOr('kind', row.kind) : '';
    case 'low': case 'high': return row[column] === '' ? '' : Number(row[column]);
    case 'verdict': return t(`verdict.${row.verdict}`);
    case 'table': return t(`of.${row.table}`);
    case 'name': return row.label;
    case 'type': return row.types.map((type) => tOr('type', type)).join('、');
    case 'aliases': return row.aliases.join('、');
    case 'facts': return row.facts.filter((place) => isShown(facts[place])).length;
    case 'id': return row.key;
    case 'quote': return evidence ? evidence.quote : '';
    case 'sentence': return evidence ? sentenceText(evidence) : '';
    case 'document': return evidence ? documents[evidence.document].title : (row.documents || []).map((place) => documents[place].title).join('、');
    case 'section': return evidence ? evidence.section : '';
    default: return row[column] ?? '';
  }
}

function sentenceText(evidence) {
  return documents[evidence.document].text.slice(evidence.from, evidence.to).replace(/\s+/g, ' ').trim();
}

/** The tabs there is something for. */
function tabsShown() {
  return TABS.filter((tab) => tab !== 'verdict' || undecided.length);
}

/**
 * What an export is of, whatever its kind: the chosen name, else the nodes the network draws, else all that
 * passes the filter (`places` is null). Of a name its facts count, of a drawing those with both ends in it.
 */
function exportScope() {
  if (state.view === 'table' && state.tab === 'verdict') return { name: '', places: null, whole: false };
  if (state.entity >= 0) return { name: entities[state.entity].label, places: new Set([state.entity]), whole: false };
  if (state.view !== 'network') return { name: '', places: null, whole: false };
  return { name: drawingName(), places: new Set(net.nodes.getIds()), whole: true };
}

function drawingName() {
  if (isWhole(state.path)) return state.path.map((place) => entities[place].label).join('-');
  if (state.around >= 0) return entities[state.around].label;
  return state.part >= 0 ? documents[state.part].title : '';
}

function isInScope(fact, { places, whole }) {
  if (!places) return true;
  const ends = [fact.subject, fact.object].filter((place) => place >= 0);
  return whole ? ends.length > 0 && ends.every((place) => places.has(place)) : ends.some((place) => places.has(place));
}

/** The rows of a tab that an export holds. Rows that made no fact belong to no name. */
function rowsInScope(tab, scope) {
  if (tab === 'verdict') return scope.places ? [] : rowsOf(tab);
  if (tab === 'entity') return rowsOf(tab).filter((entity) => !scope.places || scope.places.has(entity.place));
  return rowsOf(tab).filter((fact) => isInScope(fact, scope));
}

/** Header and rows as plain values, for CSV and XLSX. */
function plainTable(tab, scope) {
  const columns = COLUMNS[tab];
  return [columns.map((column) => t(`col.${column}`)), ...rowsInScope(tab, scope).map((row) => columns.map((column) => cellOf(row, column)))];
}

// The rows that tables and exports show: what passes the filter, with the sentence of each fact.

const COLUMNS = {
  relation: ['subject', 'relation', 'object', 'role', 'basis', 'modality', 'period', 'quote', 'sentence', 'document', 'section', 'reviewer', 'reviewed', 'note'],
  measure: ['subject', 'indicator', 'value', 'comparator', 'low', 'high', 'unit', 'kind', 'base', 'modality', 'period', 'quote', 'sentence', 'document', 'section', 'reviewer', 'reviewed', 'note'],
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

/** Header and rows as plain values, for CSV and XLSX. */
function plainTable(tab) {
  const columns = COLUMNS[tab];
  return [columns.map((column) => t(`col.${column}`)), ...rowsOf(tab).map((row) => columns.map((column) => cellOf(row, column)))];
}

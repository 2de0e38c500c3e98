// The table view: the same rows for keyboards, screen readers and eyes that prefer rows.

const ROWS_AT_ONCE = 150;
const LEAD = 24; // characters of a sentence shown before its quote
const tableState = { limit: ROWS_AT_ONCE, tab: null };

function drawTable(main) {
  if (tableState.tab !== state.tab) Object.assign(tableState, { limit: ROWS_AT_ONCE, tab: state.tab });
  const rows = sortRows(rowsOf(state.tab));
  refill(main, el('div', { class: 'table-view' },
    el('div', { class: 'tabs', role: 'tablist', 'aria-label': t('view.table') }, tabsShown().map((tab) => el('button', {
      type: 'button', role: 'tab', id: `tab-${tab}`, 'aria-selected': String(tab === state.tab), tabindex: tab === state.tab ? '0' : '-1',
      onclick: () => change({ tab, sort: '', down: false }), onkeydown: tabKey,
    }, `${t(`tab.${tab}`)} `, el('span', { class: 'count' }, rowsOf(tab).length)))),
    el('div', { class: 'scroll', role: 'tabpanel', 'aria-labelledby': `tab-${state.tab}` },
      el('table', {}, el('caption', {}, t('table.shown', rows.length)), headRow(), el('tbody', {}, rows.slice(0, tableState.limit).map(tableRow)))),
    rows.length > tableState.limit ? el('button', { type: 'button', class: 'wide', onclick: () => { tableState.limit += ROWS_AT_ONCE * 4; drawTable(main); } },
      t('table.more', Math.min(ROWS_AT_ONCE * 4, rows.length - tableState.limit))) : null));
}

function headRow() {
  return el('thead', {}, el('tr', {}, SCREEN_COLUMNS[state.tab].map((column) => {
    const sorted = state.sort === column;
    return el('th', { scope: 'col', 'aria-sort': sorted ? (state.down ? 'descending' : 'ascending') : 'none' }, el('button', {
      type: 'button', class: 'sort', 'data-sort': column, onclick: () => {
        change({ down: sorted && !state.down, sort: column }, { silent: true });
        document.querySelector(`[data-sort="${column}"]`).focus();
      },
    }, t(`col.${column}`), sorted ? (state.down ? ' ↓' : ' ↑') : ''));
  })));
}

function sortRows(rows) {
  if (!state.sort) return rows;
  const compare = new Intl.Collator('zh', { numeric: true }).compare;
  const key = (row) => (state.sort === 'value' ? Number(row.low || row.high || 0) : cellOf(row, state.sort));
  const keyed = rows.map((row) => [key(row), row]);
  keyed.sort((a, b) => (typeof a[0] === 'number' ? a[0] - b[0] : compare(a[0], b[0])));
  return (state.down ? keyed.reverse() : keyed).map((pair) => pair[1]);
}

function tableRow(row) {
  const kind = { entity: 'data-row-entity', verdict: 'data-row-verdict' }[state.tab] ?? 'data-row-fact';
  return el('tr', { [kind]: row.place ?? row.rank },
    SCREEN_COLUMNS[state.tab].map((column, rank) => el(rank ? 'td' : 'th', { scope: rank ? null : 'row', 'data-label': t(`col.${column}`), class: `is-${column}` }, tableCell(row, column))));
}

function tableCell(row, column) {
  if (column === 'subject' && row.subject >= 0) return nameCell(row.subject);
  if (column === 'object' && row.object >= 0) return nameCell(row.object);
  if (column === 'name') return nameCell(row.place);
  if (column === 'value') return sayValue(row);
  if (column === 'indicator') return factLink(row, column);
  if (column === 'relation') return [factLink(row, column), row.role ? el('span', { class: `role ${isProspect(row) ? 'prospect' : row.role}` }, cellOf(row, 'role')) : null];
  if (column === 'claim' && row.evidence.length) return el('button', { type: 'button', class: 'link', onclick: () => openText(row.evidence[0]) }, row.claim);
  if (column === 'sentence' && row.evidence.length) return quoted(evidenceAt(row.evidence[0]), LEAD);
  return cellOf(row, column);
}

function factLink(row, column) {
  return el('button', { type: 'button', class: 'link', onclick: () => selectFact(row.place) }, cellOf(row, column) || '—');
}

function nameCell(place) {
  return el('span', { class: 'cell' }, typeDot(entities[place]), nameLink(place));
}

function tabKey(event) {
  const tabs = [...event.currentTarget.parentNode.querySelectorAll('[role=tab]')];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = tabs[(tabs.indexOf(event.currentTarget) + step + tabs.length) % tabs.length];
  const { id } = next;
  next.click();
  byId(id)?.focus();
}

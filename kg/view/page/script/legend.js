// The left side: what there is, counted, as the filter; and what is missing.

const MOST_VALUES = 8;
const MOST_UNSTATED = 6;
const unfolded = new Set();

function drawLegend() {
  const legend = byId('legend');
  const focused = document.activeElement?.dataset?.facet;
  refill(legend,
    el('div', { class: 'legend-head' }, el('h2', {}, t('filter')),
      isFiltered() ? el('button', { type: 'button', class: 'link', id: 'clear-filter', onclick: clearFilter }, t('reset')) : null,
      el('button', { type: 'button', class: 'icon narrow-only', 'aria-label': t('close'), onclick: () => toggleDrawer('legend') }, '×')),
    facetGroup('type'), facetGroup('modality'), facetGroup('role'), gapGroup(),
    facetGroup('year'), amountGroup(), facetGroup('relation'),
    documents.length > 1 ? facetGroup('document') : null,
    valuesOf('reviewer').length > 1 ? facetGroup('reviewer') : null,
    undecided.length ? facetGroup('verdict') : null);
  if (focused) legend.querySelector(`[data-facet="${CSS.escape(focused)}"]`)?.focus();
}

function facetGroup(facet) {
  const values = [...valuesOf(facet)];
  if (facet === 'role' && !values.includes('lianzhu')) values.unshift('lianzhu');
  const limit = unfolded.has(facet) ? values.length : MOST_VALUES;
  return el('section', { class: 'facet' }, el('h3', {}, t(`facet.${facet}`)),
    el('ul', { class: 'plain' }, values.slice(0, limit).map((value) => el('li', {}, facetRow(facet, value)))),
    values.length > limit ? el('button', { type: 'button', class: 'link', onclick: () => { unfolded.add(facet); drawLegend(); } }, t('chain.more', values.length - limit)) : null);
}

function facetRow(facet, value) {
  const on = !state.off[facet].has(value);
  const count = shown.counts[facet].get(value) || 0;
  const label = facetLabel(facet, value);
  return el('div', { class: `facet-row${count ? '' : ' zero'}` },
    el('button', {
      type: 'button', role: 'checkbox', 'aria-checked': String(on), class: 'check', 'data-facet': `${facet}:${value}`,
      onclick: () => toggle(facet, value),
    }, facetMark(facet, value, on), el('span', { class: 'name' }, label), el('span', { class: 'count' }, count)),
    el('button', { type: 'button', class: 'only', 'aria-label': t('onlyOf', label), 'data-only': `${facet}:${value}`, onclick: () => keepOnly(facet, value) }, t('only')));
}

function facetMark(facet, value, on) {
  if (facet === 'type') return el('span', { class: `dot ${on ? typeClass({ types: [value] }) : 'off'}`, 'aria-hidden': 'true' });
  if (facet === 'role') return el('span', { class: `ring ${on && shown.counts.role.get(value) ? value : 'off'}`, 'aria-hidden': 'true' });
  return el('span', { class: `tick${on ? ' on' : ''}`, 'aria-hidden': 'true' }, on ? '✓' : '');
}

function facetLabel(facet, value) {
  if (facet === 'role' && value === 'lianzhu' && !shown.counts.role.get(value)) return t('gap.noLianzhu');
  if (facet === 'document') return documents.find((doc) => doc.id === value)?.title ?? value;
  if (facet === 'year' || facet === 'reviewer') return value || t('none');
  return tOr(facet, value);
}

function gapGroup() {
  const rows = gaps.filter((gap) => gap.kind !== 'notStated' && gap.entities.size);
  const unstated = gaps.filter((gap) => gap.kind === 'notStated');
  const limit = unfolded.has('gap') || unstated.some((gap) => gap.place === state.gap) ? unstated.length : MOST_UNSTATED;
  rows.push(...unstated.slice(0, limit));
  if (!rows.length) return null;
  return el('section', { class: 'facet' }, el('h3', {}, t('gaps')), el('ul', { class: 'plain' }, rows.map((gap) => el('li', {}, el('div', { class: 'facet-row' },
    el('button', {
      type: 'button', class: 'check gap', 'aria-pressed': String(state.gap === gap.place), 'data-facet': `gap:${gap.place}`,
      onclick: () => change({ gap: state.gap === gap.place ? -1 : gap.place, fact: gap.kind === 'notStated' && state.gap !== gap.place ? [...gap.facts][0] : state.fact, entity: gap.kind === 'notStated' ? -1 : state.entity }),
    }, el('span', { class: 'name' }, gap.kind === 'notStated' ? t('gap.notStated', gap.subject, gap.missing) : t(`gap.${gap.kind}`)),
    gap.kind === 'notStated' ? null : el('span', { class: 'count' }, gap.entities.size)))))),
  unstated.length > limit ? el('button', { type: 'button', class: 'link', onclick: () => { unfolded.add('gap'); drawLegend(); } }, t('panel.more', unstated.length - limit)) : null);
}

function amountGroup() {
  if (!entities.some((entity) => entity.amount)) return null;
  const choose = el('select', { 'aria-label': t('facet.amount'), 'data-facet': 'amount', onchange: () => change({ amount: Number(choose.value) }, { silent: true }) },
    AMOUNTS.map((amount) => el('option', { value: amount, selected: state.amount === amount }, t(`amount.${amount < 1e7 ? amount : `1e${Math.log10(amount)}`}`))));
  return el('section', { class: 'facet' }, el('h3', {}, t('facet.amount')), choose);
}

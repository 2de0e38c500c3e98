// The right side: everything known of what is chosen, each fact with its sentence.

const FACTS_AT_ONCE = 12;
const TOGETHER_AT_ONCE = 10;

function drawPanel() {
  const panel = byId('panel');
  panel.setAttribute('aria-label', t('details'));
  const close = el('button', { type: 'button', class: 'icon close', id: 'panel-close', 'aria-label': t('close'), onclick: () => change({ entity: -1, fact: -1 }) }, '×');
  if (state.entity >= 0) refill(panel, close, entityPanel(entities[state.entity]));
  else if (state.fact >= 0) refill(panel, close, factPanel(facts[state.fact]));
  else if (state.path) refill(panel, el('button', { type: 'button', class: 'icon close', id: 'panel-close', 'aria-label': t('close'), onclick: () => change({ path: null }) }, '×'), pathPanel());
  else refill(panel, emptyPanel());
  document.body.classList.toggle('has-choice', state.entity >= 0 || state.fact >= 0 || state.path !== null);
  panel.scrollTop = 0;
}

function emptyPanel() {
  return el('div', { class: 'panel-empty' }, el('h2', {}, t('panel.start')), el('p', {}, t('panel.empty')),
    el('ul', { class: 'plain key' }, ['longtou', 'lingjun', 'yituo', 'prospect'].map((role) => el('li', {}, el('span', { class: `role ${role}` }, t(`role.${role}`))))),
    el('p', { class: 'note' }, t('chain.note')), el('p', { class: 'note' }, t('keys')));
}

function entityPanel(entity) {
  const known = entity.facts.map((place) => facts[place]).filter(isShown);
  const relations = known.filter((fact) => !fact.measure && fact.relation !== 'notStated').sort((a, b) => factRank(a) - factRank(b));
  const measures = known.filter((fact) => fact.measure);
  const unstated = known.filter((fact) => fact.relation === 'notStated');
  return el('div', { class: 'panel-body' },
    el('p', { class: 'badges' }, typeBadge(entity), rolesOf(entity).map((role) => el('span', { class: `role ${role}` }, t(`role.${role}`)))),
    el('h2', { id: 'panel-title', tabindex: '-1' }, entity.label),
    el('p', { class: 'sub' }, entity.aliases.length ? t('panel.alias', entity.aliases.join('、')) : t('panel.noAlias'), ' · ', t('panel.mentions', entity.mentions.length / 3)),
    entity.open ? el('p', { class: 'sub' }, t('panel.openList')) : null,
    entity.note ? el('p', { class: 'sub' }, entity.note) : null,
    panelTools(entity),
    measures.length ? [el('h3', {}, t('panel.numbers')), measureTable(measures)] : null,
    relations.length ? [el('h3', {}, t('panel.facts')), foldedList(relations, FACTS_AT_ONCE, (fact) => factCard(fact, entity.place), (n) => t('panel.more', n))] : el('p', { class: 'sub' }, t('panel.noFacts')),
    !measures.length && !hasType(entity, 'Industry') ? [el('h3', {}, t('panel.numbers')), el('p', { class: 'sub' }, t('panel.noNumbers'))] : null,
    unstated.length ? [el('h3', {}, t('panel.unstated')), unstated.map((fact) => factCard(fact, entity.place))] : null,
    togetherPart(entity), pairPart(entity), !relations.length && entity.evidence.length ? [el('h3', {}, t('panel.evidence')), entity.evidence.slice(0, 3).map(evidencePart)] : null,
    queryPart(queryOfEntity(entity)));
}

function factRank(fact) {
  const order = ['anchors', 'undertakes', 'inIndustry', 'hasStatus', 'locatedIn', 'partOf', 'memberOf'];
  const place = order.indexOf(fact.relation);
  return (place < 0 ? 9 : place) + (isProspect(fact) ? 0.5 : 0);
}

function panelTools(entity) {
  const tool = (id, word, act) => el('button', { type: 'button', id, onclick: act }, t(word));
  return el('p', { class: 'tools' },
    state.view === 'network' ? tool('to-chain', 'panel.showChain', () => change({ view: 'chain' })) : tool('to-network', 'panel.showNetwork', () => change({ view: 'network', around: entity.place, part: -1, path: null })),
    tool('to-path', 'panel.toPath', () => openPath(entity.place)), tool('to-compare', 'panel.toCompare', () => openCompare(entity.place)));
}

/** One fact in words from the point of view of `here`, its sentences below. */
function factCard(fact, here = -1) {
  return el('div', { class: 'card', 'data-card': fact.place },
    el('p', { class: 'claim' }, claim(fact, here), fact.modality && fact.modality !== 'actual' ? el('span', { class: 'tag' }, tOr('modality', fact.modality)) : null, fact.period ? el('span', { class: 'tag' }, fact.period) : null),
    fact.evidence.slice(0, 3).map((place) => evidencePart(place, fact)),
    fact.note ? el('p', { class: 'remark' }, fact.note) : null,
    el('p', { class: 'meta' }, [t('panel.checked'), fact.reviewer, fact.reviewed].filter(Boolean).join(' · ')));
}

function claim(fact, here) {
  const name = (place, text) => (place < 0 || place === here ? el('span', {}, text) : nameLink(place));
  const word = fact.relation === 'anchors' && fact.role !== 'other' ? t(`role.${fact.role}`) : tOr('relation', fact.relation);
  const object = name(fact.object, objectName(fact));
  if (fact.measure) return [el('b', {}, `${fact.indicator} `), fact.value];
  if (fact.subject === here) return [el('b', {}, word), ' → ', object];
  return [name(fact.subject, subjectName(fact)), ' ', el('b', {}, word), ' → ', object];
}

function evidencePart(place) {
  const evidence = evidenceAt(place);
  return el('blockquote', {}, quoted(evidence), el('footer', {}, [evidence.section.split(' › ').pop(), documents.length > 1 ? documents[evidence.document].title : ''].filter(Boolean).map((part) => el('span', {}, part)),
    el('button', { type: 'button', class: 'link open-text', onclick: () => openText(place) }, t('panel.open'))));
}

function measureTable(measures) {
  return el('table', { class: 'measures' }, el('thead', {}, el('tr', {}, ['indicator', 'value', 'modality', 'period'].map((column) => el('th', { scope: 'col' }, t(`col.${column}`))))),
    el('tbody', {}, measures.map((fact) => el('tr', {},
      el('th', { scope: 'row' }, el('button', { type: 'button', class: 'link', onclick: () => selectFact(fact.place) }, fact.indicator)),
      el('td', {}, sayValue(fact)), el('td', {}, tOr('modality', fact.modality)), el('td', {}, fact.period || t('none'))))));
}

/** A value as the text has it; under it its comparator, kind and base in words: 不低于. */
function sayValue(fact) {
  const words = [fact.comparator && fact.comparator !== 'eq' ? tOr('comparator', fact.comparator) : '', fact.kind && fact.kind !== 'level' ? tOr('kind', fact.kind) : '', fact.base ? `${t('col.base')} ${fact.base}` : ''];
  return [el('span', { class: 'value' }, fact.value), words.some(Boolean) ? el('small', {}, words.filter(Boolean).join(' · ')) : null];
}

function factPanel(fact) {
  return el('div', { class: 'panel-body' }, el('p', { class: 'badges' }, el('span', { class: 'badge other' }, fact.measure ? t('panel.numbers') : tOr('relation', fact.relation)), fact.role && !fact.measure ? el('span', { class: `role ${isProspect(fact) ? 'prospect' : fact.role}` }, t(`role.${isProspect(fact) ? 'prospect' : fact.role}`)) : null),
    el('h2', { id: 'panel-title', tabindex: '-1' }, fact.measure ? `${fact.indicator} ${fact.value}` : sayFact(fact)),
    fact.measure ? measureTable([fact]) : null,
    fact.measure ? rangePart(fact) : null,
    factCard(fact),
    el('p', { class: 'sub' }, [fact.subject, fact.object].filter((place) => place >= 0).map((place) => nodeButton(place, { plain: true }))));
}

function rangePart(fact) {
  const format = (value) => (value === '' ? '…' : Number(value).toLocaleString(language === 'zh' ? 'zh-CN' : 'en'));
  return el('p', { class: 'sub' }, `${tOr('comparator', fact.comparator || 'eq')} ${fact.low === fact.high ? format(fact.low) : `${format(fact.low)} – ${format(fact.high)}`} ${fact.unit}`);
}

function togetherPart(entity) {
  const others = namedTogether(entity.place).filter(([place]) => isVisible(place));
  if (!others.length) return null;
  return [el('h3', {}, t('panel.together')), el('p', { class: 'together' }, others.slice(0, TOGETHER_AT_ONCE).map(([place, times], rank) => [rank ? ' · ' : '', nameLink(place), times > 1 ? ` ${t('panel.times', times)}` : '']))];
}

function pairPart(entity) {
  const mine = pairs.filter((pair) => pair.judgement !== 'same' && (pair.left === entity.place || pair.right === entity.place));
  return mine.map((pair) => [el('h3', {}, t(pair.judgement === 'possible' ? 'panel.same' : 'panel.different')),
    el('p', {}, nameLink(pair.left === entity.place ? pair.right : pair.left), pair.note ? el('span', { class: 'sub' }, ` ${pair.note}`) : null)]);
}

function queryPart(query) {
  if (!query) return null;
  return el('details', { class: 'query' }, el('summary', {}, t('panel.sparql')), el('pre', { tabindex: '0' }, query), el('button', { type: 'button', onclick: () => copyText(query) }, t('panel.copy')));
}

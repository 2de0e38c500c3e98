// The document, with everything marked that the graph holds; opened at the sentence behind a fact.

function drawText(main) {
  const doc = documents[state.document];
  if (!doc) { refill(main, el('p', { class: 'empty' }, t('noMatch'))); return; }
  const marks = marksOf(doc);
  const picked = pickedPassages(doc);
  refill(main, el('div', { class: 'text-view' },
    el('div', { class: 'text-head' },
      documents.length > 1 ? documentChoice() : null,
      el('h2', {}, doc.title), el('p', { class: 'sub' }, [doc.publisher, doc.issued, doc.where].filter(Boolean).join(' · ')),
      doc.source ? el('p', { class: 'sub source' }, doc.source) : null,
      picked.length ? el('p', { class: 'sub' }, t('text.marked', picked.length)) : null,
      sectionChoice(doc)),
    el('article', { lang: 'zh', class: 'document' }, paragraphs(doc, marks, picked))));
  roveTo(main.querySelector('.mention.chosen') || main.querySelector('.mention'));
  const target = main.querySelector('.picked.first') || main.querySelector('.picked');
  target?.scrollIntoView({ block: 'center' });
}

function documentChoice() {
  const choose = el('select', { 'aria-label': t('text.documents'), onchange: () => change({ document: Number(choose.value), at: -1 }) },
    documents.map((doc) => el('option', { value: doc.place, selected: doc.place === state.document }, doc.title)));
  return choose;
}

function sectionChoice(doc) {
  if (!doc.sections.length) return null;
  const choose = el('select', { 'aria-label': t('text.sections'), onchange: () => document.querySelector(`[data-offset="${choose.value}"]`)?.scrollIntoView({ block: 'start' }) },
    el('option', { value: '' }, t('text.sections')),
    doc.sections.map(([start, end, level]) => el('option', { value: paragraphStart(doc, start) }, `${'　'.repeat(Math.max(0, level - 3))}${doc.text.slice(start, end)}`)));
  return choose;
}

function paragraphStart(doc, offset) {
  return doc.text.lastIndexOf('\n', offset) + 1;
}

/** The names in a document, in order and without overlap: [start, end, entity]. */
function marksOf(doc) {
  if (doc.marks) return doc.marks;
  const all = [];
  for (const entity of entities) {
    for (let i = 0; i < entity.mentions.length; i += 3) {
      if (entity.mentions[i] === doc.place) all.push([entity.mentions[i + 1], entity.mentions[i + 2], entity.place]);
    }
  }
  all.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  doc.marks = [];
  let end = 0;
  for (const mark of all) if (mark[0] >= end) { doc.marks.push(mark); end = mark[1]; }
  return doc.marks;
}

/** The passages behind the choice: the one opened first, then all others of the chosen thing. */
function pickedPassages(doc) {
  const places = new Set();
  if (state.at >= 0) places.add(state.at);
  const chosen = state.fact >= 0 ? [facts[state.fact]] : state.entity >= 0 ? entities[state.entity].facts.map((place) => facts[place]).filter(isShown) : [];
  for (const fact of chosen) for (const place of fact.evidence) places.add(place);
  return [...places].map(evidenceAt).filter((evidence) => evidence.document === doc.place).sort((a, b) => a.start - b.start);
}

function paragraphs(doc, marks, picked) {
  const made = [];
  let from = 0;
  let next = 0;
  for (const line of doc.text.split('\n')) {
    const to = from + line.length;
    while (next < marks.length && marks[next][1] <= from) next += 1;
    let last = next;
    while (last < marks.length && marks[last][0] < to) last += 1;
    if (line.trim()) {
      const inside = picked.filter((evidence) => evidence.start < to && evidence.end > from);
      made.push(el('p', { 'data-offset': from }, pieces(doc.text, from, to, marks.slice(next, last), inside)));
    }
    from = to + 1;
  }
  return made;
}

/** Cut a stretch where a mark or a picked passage begins or ends, and wrap each piece. */
function pieces(text, from, to, marks, picked) {
  const cuts = new Set([from, to]);
  for (const [start, end] of [...marks, ...picked.map((evidence) => [evidence.start, evidence.end])]) {
    if (start > from && start < to) cuts.add(start);
    if (end > from && end < to) cuts.add(end);
  }
  const edges = [...cuts].sort((a, b) => a - b);
  return edges.slice(0, -1).map((start, rank) => {
    const words = text.slice(start, edges[rank + 1]);
    const mark = marks.find((other) => other[0] <= start && other[1] > start);
    const passage = picked.find((evidence) => evidence.start <= start && evidence.end > start);
    let piece = words;
    if (mark) piece = nameMark(mark, words);
    if (passage) piece = el('mark', { class: `picked${passage.place === state.at ? ' first' : ''}` }, piece);
    return piece;
  });
}

/** A name in the text: a button in all but its box, which would break the line. One of them is in the tab order. */
function nameMark([, , place], words) {
  return el('span', {
    class: `mention ${typeClass(entities[place])}${state.entity === place ? ' chosen' : ''}`, 'data-mention': place, title: entities[place].label,
    role: 'button', tabindex: '-1', 'aria-pressed': String(state.entity === place), onclick: () => select(place), onkeydown: mentionKey, onfocus: ({ currentTarget }) => roveTo(currentTarget),
  }, words);
}

/** The one name that Tab reaches: that of the choice, else the first. */
function roveTo(mention) {
  for (const other of document.querySelectorAll('.mention[tabindex="0"]')) other.tabIndex = -1;
  if (mention) mention.tabIndex = 0;
}

/** Arrows go from name to name, Home and End to the first and the last; Enter and the space bar choose. */
function mentionKey(event) {
  const all = [...document.querySelectorAll('.mention')];
  const here = all.indexOf(event.currentTarget);
  const next = { ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined && event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  if (next === undefined) {
    const words = event.currentTarget.textContent;
    select(Number(event.currentTarget.dataset.mention));
    const anew = [...document.querySelectorAll('.mention')]; // the choice may have cut names in two
    (anew[here]?.textContent === words ? anew[here] : document.querySelector('.mention.chosen'))?.focus();
  } else {
    all[next]?.focus();
  }
}

function openText(place) {
  change({ view: 'text', document: raw.evidence[place][0], at: place });
  if (isNarrow()) closeDrawers();
}

/** A sentence with its quote marked; `lead` cuts what stands far before the quote. */
function quoted(evidence, lead = Infinity) {
  const text = documents[evidence.document].text;
  const [whole, after] = [text.slice(evidence.from, evidence.start), text.slice(evidence.end, evidence.to)];
  const before = whole.length > lead + 4 ? `…${whole.slice(-lead)}` : whole;
  return el('span', { class: 'sentence' }, before.trimStart(), el('mark', {}, evidence.quote), after.trimEnd());
}

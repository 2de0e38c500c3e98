// The rows of the page's data as records. `kg/view/payload.py` writes them.

const words = raw.words;

const documents = raw.documents.map((row, place) => ({
  place, id: row[0], title: row[1], publisher: row[2], issued: row[3], where: row[4], source: row[5],
  text: row[6], sections: row[7], sentences: row[8],
}));

const entities = raw.entities.map((row, place) => ({
  place, key: row[0], types: row[1].split('|'), label: row[2], name: row[3] || row[2],
  aliases: row[4] ? row[4].split('|') : [], documents: row[5], spelling: row[6], mentions: row[7],
  evidence: row[8], note: row[9], reviewer: words[row[10]], reviewed: words[row[11]], open: row[12] === 1,
  facts: [], amount: 0,
}));

const statementCount = raw.statements.length;

// Statements first, measures behind them: a fact's place counts through both.
const facts = [
  ...raw.statements.map((row, place) => ({
    place, key: row[0], measure: false, relation: words[row[1]], subject: row[2], ...objectOf(row),
    subjectText: words[row[4]], basis: words[row[6]], role: words[row[7]],
    ...restOf(row, 8),
  })),
  ...raw.measures.map((row, place) => ({
    place: statementCount + place, key: row[0], measure: true, relation: 'measure', subject: row[1], object: -1,
    subjectText: '', objectText: '', basis: '', role: '', indicator: words[row[2]], value: row[3],
    low: row[4], high: row[5], unit: words[row[6]], comparator: words[row[7]], kind: words[row[8]], base: words[row[9]],
    ...restOf(row, 10),
  })),
];

const entityByKey = new Map(entities.map((entity) => [entity.key, entity.place]));
const factByKey = new Map(facts.map((fact) => [fact.key, fact.place]));
// Rows that a person rejected or left open: no facts, but kept and shown as carefully.
const undecided = raw.undecided.map(([verdict, table, claim, doc, place, note, reviewer, reviewed], rank) => ({
  rank, verdict, table, claim, documents: [doc], evidence: place < 0 ? [] : [place], note, reviewer, reviewed,
}));
const pairs = raw.pairs.map(([judgement, left, right, note]) => ({ judgement, left, right, note }));
const gaps = raw.gaps.map(([kind, ofEntities, ofFacts, subject, missing], place) => ({
  place, kind, entities: new Set(ofEntities), facts: new Set(ofFacts), subject, missing,
}));

for (const fact of facts) {
  if (fact.subject >= 0) entities[fact.subject].facts.push(fact.place);
  if (fact.object >= 0 && fact.object !== fact.subject) entities[fact.object].facts.push(fact.place);
  if (fact.measure && fact.unit === 'CNY' && fact.subject >= 0) {
    const entity = entities[fact.subject];
    entity.amount = Math.max(entity.amount, Number(fact.high || fact.low || 0));
  }
}

/** What is not stated is words only, in the graph as here. */
function objectOf(row) {
  if (words[row[1]] === 'notStated' && row[3] >= 0) return { object: -1, objectText: entities[row[3]].label };
  return { object: row[3], objectText: words[row[5]] };
}

function restOf(row, from) {
  const period = words[row[from + 1]];
  return {
    modality: words[row[from]], period, years: yearsOf(period), evidence: row[from + 2], note: row[from + 3],
    reviewer: words[row[from + 4]], reviewers: words[row[from + 4]].split('、'), reviewed: words[row[from + 5]],
    documents: [...new Set(row[from + 2].map((place) => raw.evidence[place][0]))],
  };
}

function yearsOf(period) {
  const [from, to] = (period.match(/\d{4}/g) || []).map(Number);
  if (!from) return [''];
  if (!period.includes('-') || !to || to < from || to - from > 30) return [String(from)];
  return Array.from({ length: to - from + 1 }, (_, step) => String(from + step));
}

function evidenceAt(place) {
  const [doc, start, end, from, to, section] = raw.evidence[place];
  const text = documents[doc].text;
  return {
    place, document: doc, start, end, from: Math.min(from, start), to: Math.max(to, end), section: words[section],
    quote: text.slice(start, end),
  };
}

function mainType(entity) {
  return entity.types[0];
}

function hasType(entity, type) {
  return entity.types.includes(type);
}

function otherEnd(fact, place) {
  return fact.subject === place ? fact.object : fact.subject;
}

/** What a fact's end is called: an entity's label, or the words that stand in for one. */
function subjectName(fact) {
  if (fact.subject >= 0) return entities[fact.subject].label;
  return fact.subjectText || documents[fact.documents[0]]?.where || '—';
}

function objectName(fact) {
  return fact.object >= 0 ? entities[fact.object].label : fact.objectText;
}

/** The place a document is of is linked to nearly everything it says: no band or first network shows it. */
const ownPlaces = new Set(documents.map((doc) => doc.where).filter(Boolean));

function isOwnPlace(entity) {
  return ownPlaces.has(entity.label) || entity.aliases.some((alias) => ownPlaces.has(alias));
}

/** The statuses (在建, 投用) and the first amount that facts give of a project. */
function remarkOf(entity) {
  let status = '';
  let amount = '';
  for (const place of entity.facts) {
    const fact = facts[place];
    if (fact.subject !== entity.place || !isShown(fact)) continue;
    if (fact.relation === 'hasStatus' && !status) status = objectName(fact);
    if (fact.measure && fact.unit === 'CNY' && !amount) amount = fact.value;
  }
  return [status, amount].filter(Boolean).join(' · ');
}

/** Which entities are named in which sentence; made when first asked for. */
let sentenceIndex = null;

function sentencesOf(entity) {
  const found = new Set();
  for (let i = 0; i < entity.mentions.length; i += 3) {
    found.add(`${entity.mentions[i]}:${sentenceAt(entity.mentions[i], entity.mentions[i + 1])}`);
  }
  return found;
}

function sentenceAt(doc, offset) {
  const starts = documents[doc].sentences;
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= offset) low = middle + 1; else high = middle;
  }
  return low - 1;
}

function namedTogether(place) {
  if (!sentenceIndex) {
    sentenceIndex = new Map();
    for (const entity of entities) {
      for (const sentence of sentencesOf(entity)) {
        if (!sentenceIndex.has(sentence)) sentenceIndex.set(sentence, []);
        sentenceIndex.get(sentence).push(entity.place);
      }
    }
  }
  const counts = new Map();
  for (const sentence of sentencesOf(entities[place])) {
    for (const other of sentenceIndex.get(sentence)) {
      if (other !== place) counts.set(other, (counts.get(other) || 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
}

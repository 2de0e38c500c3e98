// Finding a name: by itself, its aliases, its pinyin or initials. A combobox with a list, as ARIA describes it.

const MOST_HITS = 12;
// Of things that bear one name, the firm comes before its project.
const SEARCH_ORDER = ['Enterprise', 'Industry', 'Park', 'Project', 'Organization', 'Place', 'Initiative', 'Group'];
let comboboxCount = 0;

const haystacks = entities.map((entity) => [entity.label, ...entity.aliases].join('\n').toLowerCase());

function findEntities(query, limit = MOST_HITS) {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return [];
  const letters = wanted.replace(/[^a-z0-9]/g, '');
  const hits = [];
  for (const entity of entities) {
    const score = scoreName(entity, wanted) || (letters && letters.length === wanted.replace(/\s/g, '').length ? scoreSpelling(entity, letters) : 0);
    if (score) hits.push([score, -SEARCH_ORDER.indexOf(mainType(entity)), entity.facts.length, entity.place]);
  }
  hits.sort((a, b) => b[0] - a[0] || b[1] - a[1] || b[2] - a[2] || a[3] - b[3]);
  return hits.slice(0, limit).map((hit) => hit[3]);
}

function scoreName(entity, wanted) {
  const label = entity.label.toLowerCase();
  if (label === wanted) return 9;
  if (label.startsWith(wanted)) return 8;
  const names = haystacks[entity.place];
  if (!names.includes(wanted)) return 0;
  return names.split('\n').includes(wanted) ? 7 : 6;
}

function scoreSpelling(entity, letters) {
  let best = 0;
  for (const key of entity.spelling.split(' ')) {
    if (key === letters) return 5;
    if (key.startsWith(letters)) best = Math.max(best, 4);
    else if (letters.length > 1 && key.includes(letters)) best = Math.max(best, 3);
  }
  return best;
}

/** A search box; `choose` gets the place of the entity taken. */
function combobox({ id, label, placeholder, value = '', choose }) {
  comboboxCount += 1;
  const listId = `hits-${comboboxCount}`;
  const input = el('input', {
    id, type: 'search', role: 'combobox', 'aria-expanded': 'false', 'aria-controls': listId, 'aria-autocomplete': 'list',
    'aria-label': label, placeholder, autocomplete: 'off', spellcheck: 'false',
  });
  input.value = value;
  const list = el('ul', { id: listId, role: 'listbox', class: 'hits', 'aria-label': label, hidden: true });
  let hits = [];
  let active = -1;
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const take = (place) => {
    input.value = entities[place].label;
    close();
    choose(place);
  };
  const mark = (next) => {
    active = (next + hits.length) % hits.length;
    [...list.children].forEach((item, place) => item.setAttribute('aria-selected', String(place === active)));
    input.setAttribute('aria-activedescendant', `${listId}-${active}`);
    list.children[active].scrollIntoView({ block: 'nearest' });
  };
  input.addEventListener('input', () => {
    hits = findEntities(input.value);
    refill(list, hits.map((place, rank) => el('li', {
      id: `${listId}-${rank}`, role: 'option', 'aria-selected': 'false',
      onpointerdown: (event) => { event.preventDefault(); take(place); },
    }, typeDot(entities[place]), el('span', { class: 'name' }, entities[place].label),
    el('small', {}, [entities[place].aliases.join('、'), entities[place].types.map((type) => tOr('type', type)).join(' ')].filter(Boolean).join(' · ')))));
    if (!hits.length && input.value.trim()) refill(list, el('li', { class: 'none' }, t('noMatch')));
    list.hidden = !input.value.trim();
    input.setAttribute('aria-expanded', String(!list.hidden));
    active = -1;
    announce(input.value.trim() ? t('results', hits.length) : '');
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' && hits.length && !list.hidden) { event.preventDefault(); mark(active + 1); }
    else if (event.key === 'ArrowUp' && hits.length && !list.hidden) { event.preventDefault(); mark(active < 0 ? -1 : active - 1); }
    else if (event.key === 'Enter' && hits.length && !list.hidden) { event.preventDefault(); take(hits[Math.max(active, 0)]); }
    else if (event.key === 'Escape') { event.stopPropagation(); if (list.hidden) { input.value = ''; input.blur(); } else close(); }
  });
  input.addEventListener('blur', close);
  return el('div', { class: 'combobox' }, input, list);
}

// How an entity looks wherever it stands: a button in the colour of its type, with its role and remark.

function typeClass(entity) {
  const type = mainType(entity);
  return ['Industry', 'Enterprise', 'Project', 'Park'].includes(type) ? type.toLowerCase() : 'other';
}

function typeDot(entity) {
  return el('span', { class: `dot ${typeClass(entity)}`, 'aria-hidden': 'true' });
}

/** A button that chooses an entity. `role` and `prospect` say how it anchors; `remark` is its status or amount. */
function nodeButton(place, { role = '', prospect = false, remark = '', hint = '', plain = false } = {}) {
  const entity = entities[place];
  const roleWord = prospect ? t('role.prospect') : role ? t(`role.${role}`) : '';
  const name = [entity.label, roleWord, remark, hint].filter(Boolean).join('，');
  return el('button', {
    type: 'button', class: ['node', typeClass(entity), prospect ? 'prospect' : '', plain ? 'chip' : '', state.entity === place ? 'chosen' : ''].filter(Boolean).join(' '),
    'data-entity': place, 'aria-label': name, title: hint || entity.label, 'aria-current': state.entity === place ? 'true' : null,
    onclick: () => select(place),
  }, el('span', { class: 'name' }, entity.label),
  roleWord ? el('span', { class: `role ${prospect ? 'prospect' : role}` }, roleWord) : null,
  remark ? el('span', { class: 'remark' }, remark) : null);
}

/** A name in running text that can be chosen. */
function nameLink(place, text) {
  return el('button', { type: 'button', class: 'link', 'data-entity': place, onclick: () => select(place) }, text ?? entities[place].label);
}

function typeBadge(entity) {
  return entity.types.map((type) => el('span', { class: `badge ${typeClass({ types: [type] })}` }, tOr('type', type)));
}

/** The roles in which an entity anchors industries, strongest first. */
function rolesOf(entity) {
  const roles = new Set(entity.facts.map((place) => facts[place]).filter((fact) => fact.relation === 'anchors' && fact.subject === entity.place)
    .map((fact) => (isProspect(fact) ? 'prospect' : fact.role)));
  return [...ORDER.role, 'prospect'].filter((role) => roles.has(role));
}

function isProspect(fact) {
  return fact.modality === 'target' || fact.modality === 'stretch';
}

/** What stays bright: the choice and what a shown fact joins it to; null while nothing is chosen. */
function brightPlaces() {
  if (state.fact >= 0) return new Set([facts[state.fact].subject, facts[state.fact].object]);
  if (state.entity < 0) return null;
  const bright = new Set([state.entity]);
  for (const place of entities[state.entity].facts) if (isShown(facts[place])) bright.add(facts[place].subject).add(facts[place].object);
  return bright;
}

/** In the bands the rest fades; a line stays that ends at the choice. */
function fadeBands() {
  const bright = brightPlaces();
  for (const node of document.querySelectorAll('.chains .node')) node.classList.toggle('faded', bright !== null && !bright.has(Number(node.dataset.entity)));
  for (const line of document.querySelectorAll('.chains .wire')) {
    const fact = facts[Number(line.dataset.fact)];
    line.classList.toggle('faded', bright !== null && state.fact !== fact.place && (state.fact >= 0 || (fact.subject !== state.entity && fact.object !== state.entity)));
  }
}

/** Mark what is chosen, without drawing the view anew. */
function markChosen() {
  fadeBands();
  for (const node of document.querySelectorAll('[data-entity]')) {
    const chosen = Number(node.dataset.entity) === state.entity;
    node.classList.toggle('chosen', chosen);
    if (chosen) node.setAttribute('aria-current', 'true'); else node.removeAttribute('aria-current');
  }
  for (const row of document.querySelectorAll('[data-row-entity], [data-row-fact]')) {
    row.classList.toggle('chosen', row.dataset.rowFact !== undefined ? Number(row.dataset.rowFact) === state.fact : Number(row.dataset.rowEntity) === state.entity);
  }
  for (const line of document.querySelectorAll('[data-fact]')) line.classList.toggle('chosen', Number(line.dataset.fact) === state.fact);
}

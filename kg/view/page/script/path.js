// The shortest path between two names along stated relations, dear where a name is linked to everything.

const HUB = 0.75;
const OWN_PLACE = 8; // the place a document is of joins everything: only where nothing else does

function openPath(from = state.entity) {
  change({ path: [from, -1], entity: -1, fact: -1 });
  openDrawer('panel');
  byId(from >= 0 ? 'path-to' : 'path-from')?.focus();
}

function pathPanel() {
  const [from, to] = state.path;
  const box = (id, word, place, rank) => combobox({
    id, label: t(word), placeholder: t(word), value: place >= 0 ? entities[place].label : '', choose: (chosen) => {
      const next = state.path.with(rank, chosen);
      change({ path: next, view: isWhole(next) ? 'network' : state.view, entity: -1, fact: -1 });
      byId(isWhole(next) ? 'path-steps' : rank ? 'path-from' : 'path-to')?.focus();
    },
  });
  return el('div', { class: 'panel-body' }, el('h2', {}, t('path')), el('p', { class: 'note' }, t('path.note')),
    box('path-from', 'path.from', from, 0), box('path-to', 'path.to', to, 1), isWhole(state.path) ? pathSteps(from, to) : null);
}

function pathSteps(from, to) {
  if (from === to) return el('p', { id: 'path-steps', tabindex: '-1' }, t('path.same'));
  const found = findPath(from, to);
  if (!found) return el('p', { id: 'path-steps', tabindex: '-1' }, t('path.none'));
  return el('div', { id: 'path-steps', tabindex: '-1' },
    el('p', { class: 'route' }, t('path.steps', found.facts.length, ''), found.nodes.map((place, rank) => [rank ? ' — ' : '', nameLink(place)])),
    el('ol', { class: 'plain' }, found.facts.map((place) => el('li', {}, factCard(facts[place])))));
}

/** Dijkstra: entering a name costs more the more facts it has. Null where nothing joins the two. */
function findPath(from, to) {
  const cost = new Map([[from, 0]]);
  const came = new Map();
  const done = new Set();
  const queue = makeHeap();
  queue.push(0, from);
  while (queue.size()) {
    const here = queue.pop();
    if (done.has(here)) continue;
    done.add(here);
    if (here === to) break;
    for (const number of entities[here].facts) {
      const fact = facts[number];
      if (!isShown(fact) || fact.subject < 0 || fact.object < 0 || fact.relation === 'notStated') continue;
      const next = otherEnd(fact, here);
      const price = cost.get(here) + 1 + (next === to ? 0 : HUB * Math.log2(1 + entities[next].facts.length / 4) + (isOwnPlace(entities[next]) ? OWN_PLACE : 0));
      if (price < (cost.get(next) ?? Infinity)) {
        cost.set(next, price);
        came.set(next, [here, number]);
        queue.push(price, next);
      }
    }
  }
  if (!came.has(to)) return null;
  const path = { nodes: [to], facts: [] };
  for (let place = to; place !== from;) {
    const [before, number] = came.get(place);
    path.nodes.unshift(before);
    path.facts.unshift(number);
    place = before;
  }
  return path;
}

function makeHeap() {
  const heap = [];
  const less = (a, b) => heap[a][0] < heap[b][0] || (heap[a][0] === heap[b][0] && heap[a][1] < heap[b][1]);
  const swap = (a, b) => { [heap[a], heap[b]] = [heap[b], heap[a]]; };
  return {
    size: () => heap.length,
    push(price, place) {
      let at = heap.push([price, place]) - 1;
      for (let up = (at - 1) >> 1; at > 0 && less(at, up); up = (at - 1) >> 1) { swap(at, up); at = up; }
    },
    pop() {
      const top = heap[0][1];
      const last = heap.pop();
      if (heap.length) {
        heap[0] = last;
        for (let at = 0; ;) {
          let least = at;
          for (const child of [2 * at + 1, 2 * at + 2]) if (child < heap.length && less(child, least)) least = child;
          if (least === at) break;
          swap(at, least);
          at = least;
        }
      }
      return top;
    },
  };
}

// Places for the nodes of a chosen part of the network: a few rounds of springs, then labels apart.
// The first view's places come from `kg/view/layout.py`; this is for what a reader asks for later.

const BOX_HEIGHT = 30;
const ROUNDS = 120;

function boxWidth(label) {
  let width = 24;
  for (const character of label) width += character > '\u2e7f' ? 13 : 8.1;
  return width;
}

function shorten(label) {
  return label.length <= 14 ? label : `${label.slice(0, 13)}…`;
}

/** Give each node in `fresh` a place near its neighbours; nodes in `fixed` stay where they are. */
function arrange(fixed, fresh, links, centre) {
  const spots = new Map(fixed);
  const near = new Map(fresh.map((node) => [node, []]));
  for (const [a, b] of links) {
    near.get(a)?.push(b);
    near.get(b)?.push(a);
  }
  fresh.forEach((node, rank) => {
    const known = near.get(node).find((other) => spots.has(other));
    const origin = known === undefined ? centre : spots.get(known);
    const turn = rank * 2.399963; // the golden angle spreads neighbours evenly
    const reach = 60 + 26 * Math.sqrt(rank);
    spots.set(node, { x: origin.x + Math.cos(turn) * reach * 1.7, y: origin.y + Math.sin(turn) * reach });
  });
  if (!fixed.size) relax(fresh, links, spots);
  partBoxes(spots, new Set(fresh));
  return spots;
}

function relax(nodes, links, spots) {
  const ideal = 150;
  const moves = new Map();
  for (let round = 0; round < ROUNDS; round += 1) {
    const heat = 60 * (1 - round / ROUNDS) + 2;
    nodes.forEach((node) => moves.set(node, { x: 0, y: 0 }));
    for (let i = 0; i < nodes.length; i += 1) {
      for (let j = i + 1; j < nodes.length; j += 1) pull(moves, spots, nodes[i], nodes[j], (distance) => (ideal * ideal) / distance);
    }
    for (const [a, b] of links) if (moves.has(a) && moves.has(b) && a !== b) pull(moves, spots, a, b, (distance) => -(distance * distance) / ideal);
    for (const node of nodes) {
      const move = moves.get(node);
      const length = Math.hypot(move.x, move.y) || 1;
      const spot = spots.get(node);
      spot.x += (move.x / length) * Math.min(length, heat) * 1.3;
      spot.y += (move.y / length) * Math.min(length, heat);
    }
  }
}

function pull(moves, spots, one, other, force) {
  const [a, b] = [spots.get(one), spots.get(other)];
  const [dx, dy] = [a.x - b.x || 0.1, a.y - b.y || 0.1];
  const distance = Math.max(Math.hypot(dx, dy), 1);
  const strength = force(distance) / distance;
  moves.get(one).x += dx * strength;
  moves.get(one).y += dy * strength;
  moves.get(other).x -= dx * strength;
  moves.get(other).y -= dy * strength;
}

function partBoxes(spots, movable) {
  const nodes = [...spots.keys()];
  const widths = new Map(nodes.map((node) => [node, boxWidth(shorten(entities[node].label))]));
  for (let round = 0; round < 400; round += 1) {
    let moved = false;
    nodes.sort((a, b) => spots.get(a).y - spots.get(b).y || a - b);
    for (let i = 0; i < nodes.length; i += 1) {
      for (let j = i + 1; j < nodes.length && spots.get(nodes[j]).y - spots.get(nodes[i]).y <= BOX_HEIGHT + 20; j += 1) {
        moved = partTwo(spots, widths, movable, nodes[i], nodes[j]) || moved;
      }
    }
    if (!moved) return;
  }
}

function partTwo(spots, widths, movable, one, other) {
  const [a, b] = [spots.get(one), spots.get(other)];
  const across = (widths.get(one) + widths.get(other)) / 2 + 24 - Math.abs(a.x - b.x);
  const down = BOX_HEIGHT + 18 - Math.abs(a.y - b.y);
  if (across <= 0.5 || down <= 0.5 || (!movable.has(one) && !movable.has(other))) return false;
  const [axis, push] = across < down * 1.5 ? ['x', across] : ['y', down];
  const sign = a[axis] >= b[axis] ? 1 : -1;
  const share = movable.has(one) && movable.has(other) ? 0.5 : 1;
  if (movable.has(one)) a[axis] += sign * push * share;
  if (movable.has(other)) b[axis] -= sign * push * share;
  return true;
}

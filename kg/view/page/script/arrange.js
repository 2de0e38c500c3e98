// Places for the nodes of a chosen part of the network: islands laid out by springs, labels parted, islands packed.
// The first view's places come from `kg/view/layout.py`; this is for what a reader asks for later.

const BOX_HEIGHT = 30;
const ROUNDS = 150;
// Between labels: in a small part the lines carry words and need more room.
const DENSE = { across: 26, down: 18, ideal: 95 };
const AIRY = { across: 78, down: 46, ideal: 140 };
const ISLAND_GAP = 44;
const SCREEN_SHAPE = 1.15;
const GRAVITY = 2.5; // keeps a large island about as dense as its labels allow
const GOLDEN_ANGLE = 2.399963; // spreads points evenly around a middle

function boxWidth(label) {
  let width = 24;
  for (const character of label) width += character > '\u2e7f' ? 13 : 8.1;
  return width;
}

function shorten(label) {
  return label.length <= 14 ? label : `${label.slice(0, 13)}…`;
}

function widthOf(node) {
  return boxWidth(shorten(entities[node].label));
}

/** Give each node in `fresh` a place; nodes in `fixed` stay where they are and are kept clear of. */
function arrange(fixed, fresh, links) {
  if (!fixed.size) return packIslands(islandsOf(fresh, links).map((island) => placeIsland(island, links, fresh.length <= MOST_LABELS ? AIRY : DENSE)));
  const spots = new Map(fixed);
  const near = neighboursOf(fresh, links);
  const lowest = { x: 0, y: Math.max(...[...fixed.values()].map((spot) => spot.y)) + 60 };
  for (const node of fresh) {
    const known = near.get(node).find((other) => spots.has(other));
    spots.set(node, findRoom(node, known === undefined ? lowest : spots.get(known), spots));
  }
  return spots;
}

/** The nearest place around an origin, on a widening spiral, whose box touches no other. */
function findRoom(node, origin, spots) {
  const width = widthOf(node);
  const others = [...spots].map(([other, spot]) => [spot.x, spot.y, (width + widthOf(other)) / 2 + DENSE.across / 2]);
  for (let step = 6; ; step += 1) {
    const reach = 16 * Math.sqrt(step);
    const spot = { x: origin.x + Math.cos(step * GOLDEN_ANGLE) * reach * 1.8, y: origin.y + Math.sin(step * GOLDEN_ANGLE) * reach };
    if (others.every(([x, y, wide]) => Math.abs(spot.x - x) >= wide || Math.abs(spot.y - y) >= BOX_HEIGHT + DENSE.down / 2)) return spot;
  }
}

function neighboursOf(nodes, links) {
  const near = new Map(nodes.map((node) => [node, []]));
  for (const [a, b] of links) {
    near.get(a)?.push(b);
    near.get(b)?.push(a);
  }
  return near;
}

/** The connected parts, the largest first. */
function islandsOf(nodes, links) {
  const near = neighboursOf(nodes, links);
  const seen = new Set();
  const islands = [];
  for (const start of nodes) {
    if (seen.has(start)) continue;
    const island = [start];
    seen.add(start);
    for (const node of island) {
      for (const other of near.get(node)) if (near.has(other) && !seen.has(other)) { seen.add(other); island.push(other); }
    }
    islands.push(island);
  }
  return islands.sort((a, b) => b.length - a.length);
}

function placeIsland(island, links, gap) {
  const members = new Set(island);
  const inner = links.filter(([a, b]) => a !== b && members.has(a) && members.has(b));
  const spots = new Map(island.map((node, rank) => [node, {
    x: Math.cos(rank * GOLDEN_ANGLE) * 60 * Math.sqrt(rank), y: Math.sin(rank * GOLDEN_ANGLE) * 60 * Math.sqrt(rank),
  }]));
  if (island.length > 1) relax(island, inner, spots, gap.ideal);
  const frame = frameOf(spots);
  if (frame.height > frame.width) for (const spot of spots.values()) [spot.x, spot.y] = [spot.y, spot.x];
  partBoxes(spots, gap);
  return spots;
}

function relax(nodes, links, spots, ideal) {
  const moves = new Map();
  for (let round = 0; round < ROUNDS; round += 1) {
    const heat = 50 * (1 - round / ROUNDS) + 1;
    nodes.forEach((node) => moves.set(node, { x: -GRAVITY * spots.get(node).x, y: -GRAVITY * spots.get(node).y }));
    for (let i = 0; i < nodes.length; i += 1) {
      for (let j = i + 1; j < nodes.length; j += 1) push(moves, spots, nodes[i], nodes[j], (distance) => (ideal * ideal) / distance);
    }
    for (const [a, b] of links) push(moves, spots, a, b, (distance) => -(distance * distance) / ideal);
    for (const node of nodes) {
      const move = moves.get(node);
      const length = Math.hypot(move.x, move.y) || 1;
      const spot = spots.get(node);
      spot.x += (move.x / length) * Math.min(length, heat) * 1.2;
      spot.y += (move.y / length) * Math.min(length, heat);
    }
  }
}

/** Push two nodes apart by a force of their distance; a negative force draws them together. */
function push(moves, spots, one, other, force) {
  const [a, b] = [spots.get(one), spots.get(other)];
  const [dx, dy] = [a.x - b.x || 0.1, a.y - b.y || 0.1];
  const distance = Math.max(Math.hypot(dx, dy), 1);
  const strength = force(distance) / distance;
  moves.get(one).x += dx * strength;
  moves.get(one).y += dy * strength;
  moves.get(other).x -= dx * strength;
  moves.get(other).y -= dy * strength;
}

function partBoxes(spots, gap) {
  const nodes = [...spots.keys()];
  const widths = new Map(nodes.map((node) => [node, widthOf(node)]));
  for (let round = 0; round < 400; round += 1) {
    let moved = false;
    nodes.sort((a, b) => spots.get(a).y - spots.get(b).y || a - b);
    for (let i = 0; i < nodes.length; i += 1) {
      for (let j = i + 1; j < nodes.length && spots.get(nodes[j]).y - spots.get(nodes[i]).y <= BOX_HEIGHT + gap.down; j += 1) {
        moved = partTwo(spots.get(nodes[i]), spots.get(nodes[j]), (widths.get(nodes[i]) + widths.get(nodes[j])) / 2, gap) || moved;
      }
    }
    if (!moved) return;
  }
}

function partTwo(a, b, wide, gap) {
  const across = wide + gap.across - Math.abs(a.x - b.x);
  const down = BOX_HEIGHT + gap.down - Math.abs(a.y - b.y);
  if (across <= 0.5 || down <= 0.5) return false;
  const [axis, amount] = across < down ? ['x', across / 2] : ['y', down / 2];
  const sign = a[axis] >= b[axis] ? 1 : -1;
  a[axis] += sign * amount;
  b[axis] -= sign * amount;
  return true;
}

function frameOf(spots) {
  const frame = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const [node, spot] of spots) {
    frame.left = Math.min(frame.left, spot.x - widthOf(node) / 2);
    frame.right = Math.max(frame.right, spot.x + widthOf(node) / 2);
    frame.top = Math.min(frame.top, spot.y - BOX_HEIGHT / 2);
    frame.bottom = Math.max(frame.bottom, spot.y + BOX_HEIGHT / 2);
  }
  return { ...frame, width: frame.right - frame.left, height: frame.bottom - frame.top };
}

/** Set each island as high as it finds room in a frame shaped like a screen. */
function packIslands(islands) {
  const frames = islands.map(frameOf);
  const area = frames.reduce((sum, frame) => sum + (frame.width + ISLAND_GAP) * (frame.height + ISLAND_GAP), 0);
  const widest = Math.max(Math.sqrt(area * SCREEN_SHAPE), ...frames.map((frame) => frame.width));
  const taken = [];
  const placed = new Map();
  islands.forEach((island, rank) => {
    const frame = frames[rank];
    const rooms = [0, ...taken.map((box) => box.right).filter((right) => right + frame.width <= widest)];
    const floor = (left) => Math.max(0, ...taken.filter((box) => box.left < left + frame.width && left < box.right).map((box) => box.bottom));
    const x = rooms.reduce((best, room) => (floor(room) < floor(best) || (floor(room) === floor(best) && room < best) ? room : best));
    const y = floor(x);
    taken.push({ left: x, right: x + frame.width + ISLAND_GAP, bottom: y + frame.height + ISLAND_GAP });
    for (const [node, spot] of island) placed.set(node, { x: spot.x - frame.left + x, y: spot.y - frame.top + y });
  });
  return placed;
}

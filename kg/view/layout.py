"""Where the nodes of the first network view stand: clusters by component, labels apart."""

from collections.abc import Iterable, Mapping
from math import cos, pi, sin, sqrt

import networkx as nx

_FONT = 13
_HEIGHT = 30
_PADDING = 24
_GAP_ACROSS, _GAP_DOWN = 26, 20
_SPREAD = 1.7
_ASPECT = 1.15
_ROUNDS = 400
_MARGIN = 44
LONGEST_LABEL = 14

Position = tuple[int, int]
Box = tuple[float, float]


def shorten(label: str) -> str:
    """Cut a label to what a node shows."""
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def measure_label(label: str) -> Box:
    """Estimate the width and height of a node's box in pixels (a Chinese character is square)."""
    width = sum(_FONT if ord(character) > 0x2E7F else _FONT * 0.62 for character in shorten(label))
    return width + _PADDING, _HEIGHT


def place_nodes(network: "nx.Graph[int]", labels: Mapping[int, str]) -> dict[int, Position]:
    """Place every node so that no two label boxes touch; components stand side by side."""
    boxes = {node: measure_label(labels[node]) for node in network}
    islands = sorted(nx.connected_components(network), key=lambda island: (-len(island), min(island)))
    placed = [_place_island(network.subgraph(sorted(island)), boxes) for island in islands]
    return _pack(placed, boxes)


def _place_island(island: "nx.Graph[int]", boxes: Mapping[int, Box]) -> dict[int, Box]:
    nodes = sorted(island)
    if len(nodes) == 1:
        return {nodes[0]: (0.0, 0.0)}
    ring = {
        node: (cos(2 * pi * i / len(nodes)), sin(2 * pi * i / len(nodes))) for i, node in enumerate(nodes)
    }
    ordered: nx.Graph[int] = nx.Graph()
    ordered.add_nodes_from(nodes)
    ordered.add_edges_from(sorted((min(a, b), max(a, b)) for a, b in island.edges))
    spring = nx.spring_layout(ordered, pos=ring, iterations=150, seed=1, method="force")
    points = {node: (round(float(x), 4), round(float(y), 4)) for node, (x, y) in spring.items()}
    if _extent(points.values(), 1) > _extent(points.values(), 0):
        points = {node: (y, x) for node, (x, y) in points.items()}
    area = sum(boxes[node][0] * boxes[node][1] for node in nodes)
    scale = sqrt(area) * _SPREAD / 2
    wide, high = scale * sqrt(_ASPECT), scale / sqrt(_ASPECT)
    spots = {node: [x * wide, y * high] for node, (x, y) in points.items()}
    part_boxes(spots, boxes)
    return {node: (spot[0], spot[1]) for node, spot in spots.items()}


def part_boxes(spots: dict[int, list[float]], boxes: Mapping[int, Box]) -> None:
    """Push overlapping boxes apart, along the axis where less is needed, until none overlap."""
    nodes = sorted(spots)
    for _ in range(_ROUNDS):
        moved = False
        nodes.sort(key=lambda node: (spots[node][1], node))
        for place, one in enumerate(nodes):
            for other in nodes[place + 1 :]:
                if spots[other][1] - spots[one][1] > _HEIGHT + _GAP_DOWN:
                    break
                moved = _part_two(spots[one], spots[other], boxes[one], boxes[other]) or moved
        if not moved:
            return


def _part_two(one: list[float], other: list[float], box: Box, box_other: Box) -> bool:
    across = (box[0] + box_other[0]) / 2 + _GAP_ACROSS - abs(one[0] - other[0])
    down = (box[1] + box_other[1]) / 2 + _GAP_DOWN - abs(one[1] - other[1])
    if across <= 0.5 or down <= 0.5:
        return False
    axis, push = (0, across / 2) if across < down else (1, down / 2)
    sign = 1 if one[axis] >= other[axis] else -1
    one[axis] += sign * push
    other[axis] -= sign * push
    return True


def _extent(points: Iterable[Box], axis: int) -> float:
    values = [point[axis] for point in points]
    return max(values) - min(values)


def _pack(islands: list[dict[int, Box]], boxes: Mapping[int, Box]) -> dict[int, Position]:
    """Set each island, the largest first, as high as it finds room in a frame shaped like a screen."""
    frames = [_frame(island, boxes) for island in islands]
    area = sum((width + _MARGIN) * (height + _MARGIN) for _, _, width, height in frames)
    widest = max([sqrt(area * _ASPECT), *(width for _, _, width, _ in frames)], default=0)
    taken: list[tuple[float, float, float]] = []  # left, right, bottom
    positions: dict[int, Position] = {}
    for island, (left, top, width, height) in zip(islands, frames, strict=True):
        rooms = [0.0, *(right for _, right, _ in taken if right + width <= widest)]
        y, x = min((_lowest(taken, room, room + width), room) for room in rooms)
        taken.append((x, x + width + _MARGIN, y + height + _MARGIN))
        for node, (across, down) in island.items():
            positions[node] = (round(x + across - left), round(y + down - top))
    return positions


def _frame(island: Mapping[int, Box], boxes: Mapping[int, Box]) -> tuple[float, float, float, float]:
    left = min(x - boxes[node][0] / 2 for node, (x, _) in island.items())
    right = max(x + boxes[node][0] / 2 for node, (x, _) in island.items())
    top = min(y for _, y in island.values()) - _HEIGHT / 2
    bottom = max(y for _, y in island.values()) + _HEIGHT / 2
    return left, top, right - left, bottom - top


def _lowest(taken: list[tuple[float, float, float]], left: float, right: float) -> float:
    return max((bottom for begin, end, bottom in taken if begin < right and left < end), default=0.0)

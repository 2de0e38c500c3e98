"""The first network: some hundred nodes at most and no label upon another, whatever the base."""

import pytest

from kg.model import KnowledgeBase
from kg.pipeline import packaged_data, read_knowledge
from kg.view.layout import measure_label
from kg.view.network import draw_network
from kg.view.order import order_by_text
from tests.bench.page_bench import make_large
from tests.view.sample import make_wide_sample

MOST = 120


def make_base(name: str) -> KnowledgeBase:
    if name == "packaged":
        return order_by_text(read_knowledge(packaged_data()))
    return make_large(3000, 5400) if name == "large" else make_wide_sample()


@pytest.mark.parametrize("name", ["packaged", "large", "wide"])
def test_the_first_network_is_readable(name: str) -> None:
    kb = make_base(name)
    data = draw_network(kb).data()
    nodes = data["nodes"]
    assert 10 < len(nodes) <= min(MOST, len(kb.entities))
    assert overlapping(nodes) == []
    drawn = {node["id"] for node in nodes}
    assert [edge for edge in data["edges"] if not {edge["from"], edge["to"]} <= drawn] == []


def overlapping(nodes: list[dict[str, float | str]]) -> list[tuple[str, str]]:
    boxes = [
        (float(n["x"]), float(n["y"]), measure_label(str(n["label"]))[0], str(n["label"])) for n in nodes
    ]
    return [
        (one[3], other[3])
        for place, one in enumerate(boxes)
        for other in boxes[place + 1 :]
        if abs(one[0] - other[0]) < (one[2] + other[2]) / 2 and abs(one[1] - other[1]) < 30
    ]

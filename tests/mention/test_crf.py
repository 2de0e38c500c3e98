"""Fields: chances and likeliest labels are what counting every sequence of labels gives."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ModelUnreadableError
from kg.mention.crf import Field, Floats, hold_features, train_field
from kg.mention.feature import describe_words
from kg.mention.tagger import packaged_tagger, read_view

WEIGHTS = st.integers(-20, 20).map(lambda number: number / 10)


def count_all(field: Field, scores: Floats) -> tuple[list[list[float]], tuple[int, ...]]:
    """Chances and likeliest labels of one sequence, by trying every sequence of labels."""
    labels, places = range(len(field.labels)), range(len(scores))
    weights = {
        tried: math.exp(
            sum(scores[place, label] for place, label in enumerate(tried))
            + sum(field.transitions[pair] for pair in itertools.pairwise(tried))
        )
        for tried in itertools.product(labels, repeat=len(scores))
    }
    total = sum(weights.values())
    chances = [
        [sum(w for tried, w in weights.items() if tried[place] == label) / total for label in labels]
        for place in places
    ]
    return chances, max(weights, key=lambda tried: weights[tried])


@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=4),
    st.lists(WEIGHTS, min_size=48, max_size=48),
    st.lists(WEIGHTS, min_size=9, max_size=9),
)
def test_sequences_side_by_side_give_what_each_gives_alone(
    lengths: list[int], weights: list[float], transitions: list[float]
) -> None:
    field = Field(
        labels="abc", rows={}, weights=np.zeros((1, 3)), transitions=np.reshape(transitions, (3, 3))
    )
    scores = np.reshape(weights, (16, 3))[: sum(lengths)] + np.arange(sum(lengths))[:, None] * 0.01
    starts = np.cumsum([0, *lengths[:-1]])
    chances, likeliest = field.chances(scores, starts), field.likeliest(scores, starts)
    for start, length in zip(starts.tolist(), lengths, strict=True):
        alone = scores[start : start + length]
        expected, best = count_all(field, alone)
        assert np.allclose(chances[start : start + length], expected)
        found = tuple(likeliest[start : start + length].tolist())
        both = [
            sum(alone[place, label] for place, label in enumerate(tried))
            + sum(field.transitions[pair] for pair in itertools.pairwise(tried))
            for tried in (found, best)
        ]
        assert both[0] == pytest.approx(both[1])


def test_a_field_learns_features_with_any_white_space_in_them() -> None:
    samples = [
        (hold_features([["up\n", "x y"], ["down\u3000"]]), ["A", "B"]),
        (hold_features([["down\u3000"], ["up\n"]]), ["B", "A"]),
    ]
    data = train_field(samples, {"c2": 0.1})
    assert data == train_field(samples, {"c2": 0.1})
    field = Field.read(data)
    assert {"up\n", "x y", "down\u3000"} >= set(field.rows) >= {"up\n", "down\u3000"}
    chances = field.chances(field.add_up([["up\n"], ["down\u3000", "never seen"]]), [0])
    assert chances[0, field.labels.index("A")] > 0.7
    assert chances[1, field.labels.index("B")] > 0.7


@pytest.mark.parametrize("data", [b"", b"lianzhu-crf-1\nno", b"lCRF\x00\x01", b"PK\x03\x04"])
def test_what_is_no_field_is_refused_by_its_name(data: bytes) -> None:
    with pytest.raises(ModelUnreadableError, match=r"subject\.crf"):
        Field.read(data, name="subject.crf")


def test_the_emitter_adds_up_what_is_described() -> None:
    text = (
        "推进东海新材料、“南湖8号”等项目建设，以甲城集团为龙头发展低空经济。\n"
        "A公司2024年完成投资3.5亿元（二期），钇铋鑫科技园开工！\n和。、"
    )
    tagger = packaged_tagger()
    sequences = read_view(text, tagger.known).sequences
    field = tagger.words.field
    ((piece, scores, starts),) = tagger.words.emit(sequences)
    assert piece == sequences
    assert starts.tolist() == np.cumsum([0, *(len(each.words) for each in sequences[:-1])]).tolist()
    expected = np.vstack([field.add_up(describe_words(each)) for each in sequences])
    assert np.allclose(scores, expected)

"""`where` counts occurrences; the longest name wins; a number is never found inside a longer one."""

import re

from hypothesis import given
from hypothesis import strategies as st

from kg.model import EntityVerdict, MeasureVerdict
from kg.review import find_mention_spans, find_quote_spans, find_unaccounted, find_value_spans
from kg.review.occurrence import find_form_spans, find_strings
from tests.review.sample import find_numbers, sample_document, sample_review


def entity(name: str, *aliases: str, where: tuple[int, ...] = (), verdict: str = "accept") -> EntityVerdict:
    return EntityVerdict(verdict=verdict, type="Place", name=name, aliases=aliases, where=where)


def number(value: str, quote: str, where: tuple[int, ...] = (), verdict: str = "accept") -> MeasureVerdict:
    return MeasureVerdict(
        verdict=verdict, subject="-", indicator="", value=value, quote=quote, where=where, note="other"
    )


def places(spans: object) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in spans]  # type: ignore[attr-defined]


def test_the_ordinals_of_an_entity_count_all_its_forms_in_the_order_of_the_text() -> None:
    text = "青河县。青河。县里。青河县。"
    row = entity("青河县", "青河", "县里")
    assert places(find_form_spans(text, row)) == [(0, 3), (4, 6), (7, 9), (10, 13)]
    assert places(find_form_spans(text, entity("青河县", "青河", "县里", where=(2, 4)))) == [(4, 6), (10, 13)]


def test_a_qualifier_is_not_part_of_what_stands_in_the_text() -> None:
    assert places(find_form_spans("白鹿重工", entity("白鹿重工#项目"))) == [(0, 4)]


def test_a_name_inside_a_longer_one_is_no_mention() -> None:
    found = find_mention_spans("青河站到青河", [entity("青河"), entity("青河站")])
    assert places(found["青河"]) == [(4, 6)] and places(found["青河站"]) == [(0, 3)]


def test_a_name_inside_a_longer_one_is_a_mention_where_a_person_says_so() -> None:
    found = find_mention_spans("青河站到青河", [entity("青河", where=(1,)), entity("青河站")])
    assert places(found["青河"]) == [(0, 2)]


def test_a_name_that_stands_only_inside_longer_ones_keeps_its_mentions() -> None:
    found = find_mention_spans("青河站", [entity("青河"), entity("青河站")])
    assert places(found["青河"]) == [(0, 2)]


def test_rejected_names_are_no_mentions_and_hide_none() -> None:
    found = find_mention_spans("青河站", [entity("青河"), entity("青河站", verdict="reject")])
    assert list(found) == ["青河"]


def test_an_ordinal_chooses_one_of_several_equal_quotes() -> None:
    assert places(find_quote_spans("投产。投产。投产。", "投产", (2,))) == [(3, 5)]
    assert len(find_quote_spans("投产。投产。投产。", "投产")) == 3


def test_quotes_that_overlap_themselves_count_each() -> None:
    assert places(find_quote_spans("一一一", "一一")) == [(0, 2), (1, 3)]


def test_a_number_is_not_found_inside_a_longer_number() -> None:
    text = "第一期12.5亿元,第二期2.5亿元"
    assert places(find_value_spans(text, number("2.5亿元", text))) == [(13, 18)]
    assert find_value_spans("5600亩", number("600亩", "5600亩")) == ()
    assert find_value_spans("560.5", number("560", "560.5")) == ()


def test_a_value_is_found_only_inside_its_own_quote() -> None:
    text = "甲占地50亩。乙占地50亩。"
    assert places(find_value_spans(text, number("50亩", "乙占地50亩"))) == [(10, 13)]


@given(
    st.text("甲乙丙", max_size=30),
    st.lists(st.text("甲乙丙", min_size=1, max_size=4), min_size=1, max_size=5),
)
def test_strings_are_found_as_an_alternation_longest_first_finds_them(text: str, forms: list[str]) -> None:
    longest = sorted(set(forms), key=lambda form: (-len(form), form))
    wanted = [m.span() for m in re.finditer("|".join(map(re.escape, longest)), text)]
    assert places(find_strings(text, forms)) == wanted


def test_a_number_is_accounted_for_only_by_a_row_whose_value_is_its_span() -> None:
    text = sample_document().text
    numbers = find_numbers(text)
    missing = find_unaccounted(text, numbers, sample_review().measures)
    assert [span.text for span in missing] == ["3亿元", "200亩以上", "5亿元"]
    whole = number("3亿元", "总投资3亿元,占地200亩以上")
    missing = find_unaccounted(text, numbers, (*sample_review().measures, whole))
    assert [span.text for span in missing] == ["200亩以上", "5亿元"]  # its quote covers nothing


def test_a_part_of_a_number_does_not_account_for_it() -> None:
    text = "占地200亩以上"
    rows = [number("200亩", text)]
    assert [span.text for span in find_unaccounted(text, find_numbers(text), rows)] == ["200亩以上"]


def test_a_rejected_number_is_accounted_for_and_an_unsure_one_is_not() -> None:
    text = "占地200亩"
    for verdict, missing in (("accept", 0), ("reject", 0), ("unsure", 1)):
        rows = [number("200亩", text, verdict=verdict)]
        assert len(find_unaccounted(text, find_numbers(text), rows)) == missing


def test_each_of_two_equal_numbers_needs_its_own_row() -> None:
    text = "甲占地50亩。乙占地50亩。"
    rows = [number("50亩", "占地50亩", (2,))]
    assert [span.start for span in find_unaccounted(text, find_numbers(text), rows)] == [3]
    assert find_unaccounted(text, find_numbers(text), [number("50亩", "占地50亩")]) == ()

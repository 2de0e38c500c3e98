"""Short names: declared ones and those of firms named in full."""

from kg.mention.short import find_declared, place_names, shorten_firms


def test_a_declared_short_name_has_the_type_of_what_it_stands_for() -> None:
    text = "江陵临港产业新城（以下简称“江陵新城”）位于江边。"
    assert list(find_declared(text, {8: "Park"})) == [("江陵新城", "Park")]
    assert list(find_declared(text, {})) == []


def test_a_firm_is_called_by_its_name_without_place_and_legal_form() -> None:
    assert list(shorten_firms(["湖北海川电动车有限公司"])) == ["海川电动车"]
    assert list(shorten_firms(["海川（湖北）生物制药股份有限公司"])) == ["海川生物制药"]


def test_what_is_too_short_or_the_name_of_a_park_is_no_short_name() -> None:
    assert list(shorten_firms(["江陵集团", "江陵软件园有限公司"])) == []


def test_short_names_are_found_only_outside_longer_ones() -> None:
    text = "海川电动车有限公司落户，海川电动车表示"
    assert list(place_names(text, ["海川电动车"], [(0, 9)])) == [(12, 17)]

"""Two reviewers' tables become a third: alike is taken over, different is asked, originals stay."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.command.desk import make_desk
from kg.command.review import review_command
from kg.errors import WriteConflictError
from kg.model import EntityVerdict, Review
from kg.pipeline import review_terms
from kg.review import check_review, read_review, review_path, write_review
from kg.review.page.session import Session
from kg.review.settle import prepare_settlement, tell_sides
from tests.review.sample import find_numbers, make_data, sample_document, sample_review

PARK = EntityVerdict(verdict="accept", type="Park", name="松山冷链物流园", quote="建设松山冷链物流园")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two readings: `b` quotes less, sees a target, knows a park, and calls one firm something else."""
    data, document, a = make_data(tmp_path / "data"), sample_document(), sample_review()
    b = replace(
        a,
        entities=(a.entities[0], replace(a.entities[1], type="Organization"), a.entities[2], PARK),
        relations=(replace(a.relations[0], quote="云岭机械、天穗农业为龙头的装备制造产业", note="乙注"),),
        measures=(replace(a.measures[0], modality="target"), a.measures[1]),
    )
    for name, review in (("jia", a), ("yi", b)):
        write_review(tmp_path / name, review, document)
    return data


def settle(data: Path) -> Result:
    sides = [str(data.parent / name) for name in ("jia", "yi")]
    given = ["settle", *sides, "--data", str(data), "--no-page", "--reviewer", "丙"]
    return CliRunner().invoke(review_command, given, catch_exceptions=False, env={"KG_LANG": "en"})


def third(data: Path) -> Review:
    return read_review(review_path(data, "linchuan-2025"), "linchuan-2025")


def test_what_both_say_is_taken_over_with_the_shorter_quote_and_both_notes(data: Path) -> None:
    assert "Took over 4 rows" in settle(data).stdout
    review = third(data)
    assert sorted(row.name for row in review.entities) == ["云岭机械", "装备制造产业"]
    assert [(r.quote, r.note, r.reviewer) for r in review.relations] == [
        ("云岭机械、天穗农业为龙头的装备制造产业", "乙注", "丙")
    ]
    assert [(row.verdict, row.value) for row in review.measures] == [("reject", "2025年")]
    folder = review_path(data, "linchuan-2025")
    assert check_review(folder, review, sample_document(), review_terms()) == ()


def test_both_originals_stay_as_they_were(data: Path) -> None:
    settle(data)
    for name in ("jia", "yi"):
        kept = review_path(data, "linchuan-2025") / "readings" / name
        for path in sorted((data.parent / name).iterdir()):
            assert (kept / path.name).read_bytes() == path.read_bytes()


def test_another_original_of_the_same_name_is_never_overwritten(data: Path) -> None:
    settle(data)
    write_review(data.parent / "jia", Review(document="", entities=(PARK,)), sample_document())
    with pytest.raises(WriteConflictError, match="another original"):
        settle(data)


def test_every_version_of_a_difference_is_asked_and_nothing_twice(data: Path) -> None:
    a, b = (read_review(data.parent / name, "linchuan-2025") for name in ("jia", "yi"))
    empty = Review(document="linchuan-2025")
    asked = prepare_settlement(
        sample_document(), a, b, empty, review_terms(), reviewer="丙", reviewed="2025-03-02"
    )
    proposal = asked.proposal
    assert sorted((c.name, c.type) for c in proposal.entities) == [
        ("天穗农业", "Enterprise"),
        ("天穗农业", "Organization"),
        ("松山冷链物流园", "Park"),
    ]
    assert [c.modality for c in proposal.measures] == ["actual", "target"]
    assert proposal.relations == ()


def test_settling_on_the_page_leaves_nothing_to_ask(data: Path) -> None:
    settle(data)
    document = sample_document()
    a, b = (read_review(data.parent / name, document.id) for name in ("jia", "yi"))

    def ask() -> Session:
        asked = prepare_settlement(
            document, a, b, third(data), review_terms(), reviewer="丙", reviewed="2025-03-02"
        )
        desk = make_desk(data, [document], "丙", propose=lambda _: asked.proposal, find_numbers=find_numbers)
        return Session(desk, document)

    session = ask()
    for item in [item for item in session.state.order if item.candidate is not None]:
        if session.state.verdict_of(item) == "open":
            kind, modality = (getattr(item.candidate, column, "") for column in ("type", "modality"))
            verdict = "reject" if "Organization" in kind or modality == "target" else "accept"
            session.decide(item.id, verdict, seen=session.seen(item), reason="duplicate")
    again = ask().state
    assert [item for item in again.order if item.candidate is not None] == []
    assert {row.verdict for row in third(data).measures if row.value == "12.5亿元"} == {"accept", "reject"}


def test_the_page_tells_what_each_reading_says_of_a_name(data: Path) -> None:
    a, b = (read_review(data.parent / name, "linchuan-2025") for name in ("jia", "yi"))
    asked = prepare_settlement(
        sample_document(), a, b, Review(document=""), review_terms(), reviewer="", reviewed=""
    )
    told = list(tell_sides(asked.differences, "云岭机械", ("jia", "yi")))
    assert told == [
        "jia: 云岭机械 · 年产值 · 12.5亿元 · actual · 2025",
        "yi: 云岭机械 · 年产值 · 12.5亿元 · target · 2025",
    ]


def test_a_second_run_adds_nothing(data: Path) -> None:
    settle(data)
    before = third(data)
    assert "Took over 0 rows" in settle(data).stdout
    assert third(data) == before


def test_a_folder_without_tables_is_refused(data: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    given = ["settle", str(tmp_path / "none"), str(tmp_path / "yi"), "--data", str(data), "--no-page"]
    result = CliRunner().invoke(review_command, given, env={"KG_LANG": "en"})
    assert "A holds no review tables" in str(result.exception)
    assert not review_path(data, "linchuan-2025").exists()

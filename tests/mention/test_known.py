"""Known names: tallied by place, and never used on the place they were read in."""

from kg.mention.feature import cut_sequences
from kg.mention.known import KnownNames, Read, Readings


def read(group: str, text: str, **names: str) -> Read:
    spans = {(text.index(name), text.index(name) + len(name)): kind for name, kind in names.items()}
    return Read(group, text, cut_sequences(text), spans)


def documents() -> list[Read]:
    return [
        read("甲", "发展低空经济，旅游收入增长。", 低空经济="Industry"),
        read("乙", "培育低空经济，做强旅游。", 低空经济="Industry", 旅游="Industry"),
        read("丙", "旅游客流不断，商务服务中心建成。", 商务服务中心="Project"),
        read("丁", "提升服务，旅游人次创新高。"),
    ]


def test_a_name_is_as_sure_as_the_documents_that_take_it_for_one() -> None:
    known = Readings(documents()).names()
    assert known.level("低空经济") == "3I"
    assert known.level("旅游") == "0I"
    assert known.level("商务服务中心") == "-"  # of that place alone
    assert known.level("提升") == "-"
    assert (known.tallies["旅游"].named, known.tallies["旅游"].passed) == (1, 3)


def test_what_was_read_in_a_place_is_not_known_there() -> None:
    known = Readings(documents()).names_for("乙")
    assert known.level("低空经济") == "1I"
    assert known.level("旅游") == "-"


def test_a_name_inside_a_longer_name_is_not_passed_over() -> None:
    text = "建设低空经济产业园。"
    spans = {(2, 9): "Park"}
    tallied = Readings([*documents(), Read("戊", text, cut_sequences(text), spans)])
    assert tallied.names().tallies["低空经济"].passed == 0


def test_known_names_are_found_with_their_level_and_kept_in_a_file() -> None:
    known = Readings(documents()).names()
    assert known.find("推动低空经济和旅游") == {"LK3I": [(2, 6)]}
    assert KnownNames.read(known.write()).tallies == known.tallies


def test_what_was_refused_counts_where_it_stands() -> None:
    refused = Read("己", "加快建设步伐。", cut_sequences("加快建设步伐。"), {}, {"建设步伐": "Project"})
    assert Readings([refused]).names().level("建设步伐") == "0P"
    assert Readings([refused]).names_for("己").level("建设步伐") == "-"


def test_what_is_read_adds_to_what_is_known() -> None:
    known = Readings(documents()[:1]).add_to(Readings(documents()[1:]).names())
    assert known.tallies["低空经济"].named == 3  # what is near counts twice
    assert known.tallies["旅游"].passed == 2

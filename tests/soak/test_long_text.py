"""No text takes more than its share: ten megabytes of what confuses are ten times one megabyte."""

import pytest

from tests.soak.endless import PIECES, time_proposal

MEGABYTE = 1_000_000


@pytest.mark.soak
@pytest.mark.parametrize("name", PIECES)
def test_time_a_megabyte_does_not_grow_up_to_ten(name: str) -> None:
    time_proposal(PIECES[name], 1000)  # loads models and dictionaries
    paces = {size: time_proposal(PIECES[name], size * MEGABYTE) / size for size in (1, 3, 10)}
    print(f"{name}: " + ", ".join(f"{size} MB {pace:.2f} s/MB" for size, pace in paces.items()))
    assert max(paces[3], paces[10]) < 2 * paces[1], paces

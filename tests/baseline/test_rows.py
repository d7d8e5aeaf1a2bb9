"""A row that cannot be read is named; the rest is in `test_reading`."""

from __future__ import annotations

import pytest

from harness.baseline.rows import made
from harness.errors import LabError


def test_the_row_and_the_store_are_named() -> None:
    def breaks() -> None:
        raise KeyError("term")

    with pytest.raises(LabError, match="damaged item") as raised:
        made("runs.db", "item", "a[b]", breaks)
    assert (raised.value.where, raised.value.seen) == ("runs.db", "a[b]: KeyError: 'term'")
    assert made("runs.db", "item", "a", lambda: 1) == 1

"""The state of a shell and the rows of a table."""

from __future__ import annotations

from harness.virtual.shell.command import Evidence, Origin, ShellState, table


def test_a_subshell_starts_with_a_copy() -> None:
    state = ShellState(2000, "/data", {"a": "1"}, {"a"}, 3, ("x",), "name")
    copy = state.copy()
    copy.variables["a"] = "2"
    copy.exported.clear()
    copy.cwd = "/"
    assert (state.variables, state.exported, state.cwd) == ({"a": "1"}, {"a"}, "/data")
    assert (copy.status, copy.arguments, copy.name) == (3, ("x",), "name")


def test_a_table_knows_its_names_and_their_origin() -> None:
    async def run(call: object) -> int:
        return 0

    origin = Origin(Evidence.DOCUMENTED, "somewhere")
    rows = table(origin, {"a": run, "b": run})
    assert [rows[name].name for name in rows] == ["a", "b"]
    assert rows["a"].origin is origin

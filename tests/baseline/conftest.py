"""Stores on both kinds of database; PostgreSQL is started when first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.baseline.store import Store
from tests.baseline.postgres import NoPostgres, Server, server

ON_POSTGRES = pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    try:
        with server() as running:
            yield running
    except NoPostgres as error:
        pytest.skip(f"no PostgreSQL: {error}")


@pytest.fixture(params=["sqlite", ON_POSTGRES])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store of each kind may be; nothing is there yet."""
    if request.param == "sqlite":
        return str(tmp_path / "runs.db")
    running: Server = request.getfixturevalue("postgres")
    return running.fresh_url()


@pytest.fixture
def store(location: str) -> Iterator[Store]:
    with Store.open(location) as opened:
        yield opened

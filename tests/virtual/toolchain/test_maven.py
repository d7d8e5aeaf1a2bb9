"""Downloads against a server that breaks off, limps and lies; jgo does the resolving."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import LabError
from harness.virtual.toolchain.coordinate import Coordinate
from harness.virtual.toolchain.lock import Pinned
from harness.virtual.toolchain.maven import Repository

from .server import Site, serving

CONTENT = bytes(range(256)) * 1000
LIB = Coordinate.parse("demo:lib:1.0")
PATH = "/demo/lib/1.0/lib-1.0.jar"


class _Clock:
    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> float:
        return 0.0

    def wall(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        running.files[PATH] = CONTENT
        yield running


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def repository(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: _Clock
) -> Repository:
    config = tmp_path / "jgo.conf"
    config.write_text(f"[repositories]\nmirror = {site.url}\n")
    monkeypatch.setenv("JGO_CONFIG_FILE", str(config))
    (tmp_path / "poms").mkdir()
    return Repository(tmp_path / "poms", clock)


def _pinned(sha256: str = "") -> Pinned:
    return Pinned(LIB, sha256 or hashlib.sha256(CONTENT).hexdigest(), len(CONTENT), "MIT")


def test_a_mirror_from_the_users_configuration_is_used(
    repository: Repository, tmp_path: Path
) -> None:
    seen: list[tuple[str, int, int]] = []
    path = repository.fetch_pinned(_pinned(), tmp_path, lambda *step: seen.append(step))
    assert path.read_bytes() == CONTENT
    assert seen[-1] == ("lib-1.0.jar", len(CONTENT), len(CONTENT))


def test_an_interrupted_download_goes_on_where_it_stopped(
    repository: Repository, site: Site, tmp_path: Path, clock: _Clock
) -> None:
    site.failures = [-200_000]  # three chunks of 64 kB arrive whole
    assert repository.fetch_pinned(_pinned(), tmp_path).read_bytes() == CONTENT
    assert [asked[1] for asked in site.asked] == ["", "bytes=196608-"]
    assert clock.slept == [2.0]


def test_a_server_error_is_tried_again(repository: Repository, site: Site, tmp_path: Path) -> None:
    site.failures = [503, 500]
    assert repository.fetch_pinned(_pinned(), tmp_path).read_bytes() == CONTENT


def test_a_file_that_is_complete_already_is_not_sent_again(
    repository: Repository, site: Site, tmp_path: Path
) -> None:
    (tmp_path / "lib-1.0.jar").write_bytes(CONTENT)
    assert repository.fetch_pinned(_pinned(), tmp_path).read_bytes() == CONTENT
    assert site.asked == [(PATH, f"bytes={len(CONTENT)}-")]


def test_other_content_is_refused_and_thrown_away(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(LabError) as caught:
        repository.fetch_pinned(_pinned("ab" * 32), tmp_path)
    assert "ab" * 32 in str(caught.value)
    assert hashlib.sha256(CONTENT).hexdigest() in str(caught.value)
    assert not (tmp_path / "lib-1.0.jar").exists()


def test_what_nobody_has_is_given_up_at_once(
    repository: Repository, site: Site, tmp_path: Path
) -> None:
    site.files.clear()
    with pytest.raises(LabError, match=r"demo:lib:1\.0 could not be downloaded"):
        repository.fetch_pinned(_pinned(), tmp_path)
    assert len(site.asked) == 1


def test_a_dead_network_is_given_up_in_the_end(
    repository: Repository, site: Site, tmp_path: Path
) -> None:
    site.failures = [503] * 5
    with pytest.raises(LabError, match="could not be downloaded"):
        repository.fetch_pinned(_pinned(), tmp_path)
    assert len(site.asked) == 5


def _pom(extra: str) -> bytes:
    return (
        "<project><modelVersion>4.0.0</modelVersion><groupId>demo</groupId>"
        f"<artifactId>lib</artifactId><version>1.0</version>{extra}</project>"
    ).encode()


def test_the_closure_knows_which_dependencies_are_aars(repository: Repository, site: Site) -> None:
    needs = (
        "<licenses><license><name>MIT</name></license></licenses><dependencies><dependency>"
        "<groupId>demo</groupId><artifactId>aar</artifactId><version>2</version>"
        "</dependency></dependencies>"
    )
    site.files["/demo/lib/1.0/lib-1.0.pom"] = _pom(needs)
    aar = _pom("<packaging>aar</packaging>").replace(b"lib", b"aar").replace(b"1.0", b"2")
    site.files["/demo/aar/2/aar-2.pom"] = aar
    assert list(repository.closure([LIB], transitive=True)) == [
        LIB,
        Coordinate.parse("demo:aar:2:aar"),
    ]
    assert list(repository.closure([LIB], transitive=False)) == [LIB]
    assert repository.license_of(LIB) == "MIT"

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.virtual.internet.running import Running

CLINIC = """\
- {method: OPTIONS, path: '^/own-preflight', status: 403}
- {method: GET, path: '^/find[?].*q=', json: {results: [é, 1, no, 007]}}
- path: '^/find'
  status: 404
  headers: {X-Reason: none, Access-Control-Allow-Origin: 'https://a.b'}
  body: nothing
- {path: '^/slow', delay_ms: 300}
- {path: '^/logo', file: logo.bin, headers: {Content-Type: image/x-own}}
"""


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One virtual internet for all tests of a module; the record grows."""
    folder = tmp_path_factory.mktemp("net")
    answers = folder / "answers"
    answers.mkdir()
    (answers / "api.clinic.example.yaml").write_text(CLINIC, "utf-8")
    (answers / "logo.bin").write_bytes(b"\x00\x01picture")
    running = Running(folder, [answers])
    yield running
    running.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for answers."""
    path = tmp_path / "answers"
    path.mkdir()
    return path

"""Reads the baseline files that `baseline.approval` writes and people edit.

Input: a path. Output: a `Baseline`. Refuses: unknown keys and words, an acceptance without owner,
reason or end, files that are no baseline. A wrong word is never ignored: it might have been a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml

from harness.baseline.approval import VERSION
from harness.baseline.approved import (
    Accepted,
    Baseline,
    Cell,
    Change,
    Contact,
    Entry,
    Severity,
)
from harness.baseline.model import AppVersion
from harness.errors import ScenarioError, nearest
from harness.findings.finding import FindingKind, Stage

MAX_SIZE_BYTES = 16 << 20

W = TypeVar("W", Change, Severity, Stage, FindingKind)


def read_baseline(path: Path) -> Baseline:
    """Read a file back.

    Raises:
        ScenarioError: it cannot be read, is no baseline, or says something unknown.
    """
    try:
        if path.stat().st_size > MAX_SIZE_BYTES:
            raise ScenarioError("the file is too large for a baseline", where=str(path))
        content = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise ScenarioError(
            "the baseline cannot be read",
            where=str(path),
            seen=error.strerror or str(error),
            action="`leak-harness baseline approve RUN` writes one",
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        seen = " ".join(str(error).split())
        raise ScenarioError("this is no YAML", where=str(path), seen=seen) from error
    return _Reader(str(path)).baseline(content)


class _Reader:
    """Plain values to a `Baseline`, with the place of what is wrong."""

    def __init__(self, path: str) -> None:
        self._path = path

    def baseline(self, content: Any) -> Baseline:
        known = ("baseline", "app", "approved", "rules", "scenarios", "recipients", "contacts")
        fields = self._mapping(content, "the file", known, ("baseline", "app"))
        if fields["baseline"] != VERSION:
            raise self._wrong("baseline", fields["baseline"], f"version {VERSION}")
        approved = self._mapping(fields.get("approved", {}), "approved", ("run", "day", "why"))
        app = self._app(fields["app"])
        lists = {
            name: [(f"{name}[{n}]", each) for n, each in enumerate(self._list(fields, name))]
            for name in ("scenarios", "recipients", "contacts")
        }
        return Baseline(
            app=app,
            run=self._text(approved, "run", "approved"),
            cells=tuple(self._cell(each, at, app) for at, each in lists["scenarios"]),
            entries=tuple(self._entry(each, at) for at, each in lists["recipients"]),
            contacts=tuple(self._contact(each, at) for at, each in lists["contacts"]),
            approved=self._day(approved["day"], "approved.day") if "day" in approved else None,
            why=self._text(approved, "why", "approved"),
            source=self._path,
            rules=self._rules(fields.get("rules", {})),
        )

    def _app(self, content: Any) -> AppVersion:
        known = ("package", "version_name", "version_code", "sha256", "signer")
        fields = self._mapping(content, "app", known, ("package",))
        code = fields.get("version_code", 0)
        if not isinstance(code, int) or isinstance(code, bool):
            raise self._wrong("app.version_code", code, "a number")
        texts = {name: self._text(fields, name, "app") for name in known if name != "version_code"}
        return AppVersion(**texts, version_code=code)

    def _rules(self, content: Any) -> dict[Change, Severity]:
        fields = self._mapping(content, "rules", tuple(each.value for each in Change))
        return {
            Change(name): self._word(Severity, word, f"rules.{name}")
            for name, word in fields.items()
        }

    def _cell(self, content: Any, at: str, app: AppVersion) -> Cell:
        known = ("scenario", "consent", "layers")
        fields = self._mapping(content, at, known, ("scenario",))
        layers = self._texts(fields, "layers", at)
        scenario, consent = (self._text(fields, name, at) for name in ("scenario", "consent"))
        return Cell(scenario, consent, layers, app.label)

    def _contact(self, content: Any, at: str) -> Contact:
        fields = self._mapping(content, at, ("host", "consent", "company"), ("host",))
        texts = [self._text(fields, name, at) for name in ("host", "consent", "company")]
        return Contact(*texts)

    def _entry(self, content: Any, at: str) -> Entry:
        texts = ("host", "company", "sdk", "sdk_id", "consent")
        lists = ("data", "encodings", "beside", "seen_in")
        known = (*texts, *lists, "stage", "kind", "leak", "accept")
        fields = self._mapping(content, at, known, ("host", "stage", "kind", "leak", "data"))
        if not isinstance(fields["leak"], bool):
            raise self._wrong(f"{at}.leak", fields["leak"], "true or false")
        accept = self._accepted(fields["accept"], f"{at}.accept") if "accept" in fields else None
        if accept and not fields["leak"]:
            raise self._wrong(f"{at}.accept", "an allowed recipient", "a finding (leak: true)")
        said = {name: self._text(fields, name, at) for name in texts}
        forms = {name: self._texts(fields, name, at) for name in lists}
        return Entry(
            host=said["host"],
            consent=said["consent"],
            stage=self._word(Stage, fields["stage"], f"{at}.stage"),
            kind=self._word(FindingKind, fields["kind"], f"{at}.kind"),
            leak=fields["leak"],
            company=said["company"],
            sdk=said["sdk"],
            sdk_id=said["sdk_id"],
            data=forms["data"],
            encodings=forms["encodings"],
            beside=forms["beside"],
            seen_in=forms["seen_in"],
            accept=accept,
        )

    def _accepted(self, content: Any, at: str) -> Accepted:
        keys = ("owner", "why", "until")
        fields = self._mapping(content, at, keys, keys)
        owner, why = (self._text(fields, name, at).strip() for name in ("owner", "why"))
        for name, text in (("owner", owner), ("why", why)):
            if not text:
                raise self._wrong(f"{at}.{name}", text, "a text")
        return Accepted(owner, why, self._day(fields["until"], f"{at}.until"))

    # ---- plain values -------------------------------------------------------------------

    def _mapping(
        self, content: Any, at: str, known: tuple[str, ...], needed: tuple[str, ...] = ()
    ) -> Mapping[str, Any]:
        if not isinstance(content, dict):
            raise self._wrong(at, content, "keys with values")
        for key in content:
            if key not in known:
                near = nearest(str(key), known)
                raise self._wrong(f"{at}: unknown key", key, f"{near}?" if near else known)
        for key in needed:
            if key not in content:
                raise self._wrong(f"{at}: missing key", key, key)
        return content

    def _list(self, fields: Mapping[str, Any], name: str) -> list[Any]:
        found = fields.get(name, [])
        if not isinstance(found, list):
            raise self._wrong(name, found, "a list")
        return found

    def _text(self, fields: Mapping[str, Any], name: str, at: str) -> str:
        found = fields.get(name, "")
        if not isinstance(found, str):
            raise self._wrong(f"{at}.{name}", found, "a text; put it in quotes")
        return found

    def _texts(self, fields: Mapping[str, Any], name: str, at: str) -> tuple[str, ...]:
        found = fields.get(name, [])
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise self._wrong(f"{at}.{name}", found, "a list of texts")
        return tuple(sorted(found))

    def _day(self, value: Any, at: str) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise self._wrong(at, value, "a day, YYYY-MM-DD") from None

    def _word(self, kind: type[W], value: Any, at: str) -> W:
        try:
            return kind(value)
        except ValueError:
            words = [each.value for each in kind]
            near = nearest(str(value), words)
            raise self._wrong(at, value, f"{near}?" if near else words) from None

    def _wrong(self, at: str, seen: Any, expected: Any) -> ScenarioError:
        words = expected if isinstance(expected, str) else ", ".join(map(str, expected))
        return ScenarioError(
            f"{at} cannot be used", where=self._path, seen=repr(seen), expected=words
        )

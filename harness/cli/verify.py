"""`leak-harness verify FILE.zip`: whether an evidence bundle is as it was written.

Input: a bundle, the digest that was told when it was written, a signer's public key. Output: its
digest and of which run it is. Exit code: 0 whole, 2 not (the first broken part is named).
"""

from __future__ import annotations

import re
from pathlib import Path

import click

from harness.cli.signing import check_signature
from harness.errors import ScenarioError
from harness.findings.finding import Verdict
from harness.report.evidence.verify import Broken, Checked, check
from harness.report.plain import plain

_DIGEST = re.compile(r"[0-9a-f]{64}")


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--digest", metavar="SHA256", help="The digest that was told when it was written.")
@click.option(
    "--signed-by",
    "key",
    metavar="KEY.pub",
    type=click.Path(path_type=Path),
    help="The public key it must be signed with.",
)
def command(file: Path, digest: str | None, key: Path | None) -> None:
    """Check that an evidence bundle is as it was written.

    Without --digest or --signed-by only that its parts belong together: somebody who changes a part
    can write a new manifest as well.
    """
    wanted = (digest or "").strip().lower()
    if digest is not None and not _DIGEST.fullmatch(wanted):
        raise click.UsageError("--digest is 64 characters of 0-9 and a-f")
    found = _checked(file)
    if wanted and found.digest != wanted:
        raise ScenarioError(
            "this is another bundle than the one that was told of",
            where=str(file),
            seen=f"digest {found.digest}",
            expected=f"digest {wanted}",
        )
    if key is not None:
        if not found.signature:
            raise ScenarioError("the bundle is not signed", where=str(file), expected="a signature")
        check_signature(key, found.manifest, found.signature)
    click.secho(f"whole: {found.parts} parts ({_known(found)})", fg="green")
    if _incomplete(found):
        click.secho("an incomplete run: it was never finished, so it is no pass", fg="yellow")
    click.echo(f"digest: {found.digest}{' (as told)' if wanted else ''}")
    click.echo(f"signature: {_signed(found, key)}")
    if not wanted and key is None:
        click.echo(
            "only that its parts belong together was checked; compare the digest with the one that"
            " was told when it was written (--digest), or check the signature (--signed-by)"
        )


def _known(found: Checked) -> str:
    """What the bundle says of itself; a pass of a run that never ended is none."""
    told = {name: str(found.about.get(name, "?")) for name in ("run", "verdict", "redacted")}
    if _incomplete(found) and told["verdict"] == Verdict.PASS.value:
        told["verdict"] = Verdict.INCONCLUSIVE.value
    return ", ".join(f"{name} {plain(value)}" for name, value in told.items())


def _incomplete(found: Checked) -> bool:
    return found.about.get("complete") is False


def _signed(found: Checked, key: Path | None) -> str:
    if key is not None:
        return f"made with the key of {key}"
    return "there, not checked" if found.signature else "none"


def _checked(file: Path) -> Checked:
    try:
        return check(str(file))
    except Broken as error:
        raise ScenarioError(
            "the evidence bundle is not whole",
            where=str(file),
            seen=plain(str(error)),
            action="use a copy whose digest is the one that was told when it was written",
        ) from error

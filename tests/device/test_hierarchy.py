from __future__ import annotations

import pytest

from harness.device.hierarchy import Bounds, parse
from harness.errors import LabError

HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"
DUMP = HEAD + (
    '<hierarchy rotation="1"><node NAF="true" index="0" text="" resource-id="" '
    'class="android.widget.FrameLayout" package="org.example" content-desc="" checkable="false" '
    'checked="false" clickable="false" enabled="true" focusable="false" focused="false" '
    'scrollable="false" long-clickable="false" password="false" selected="false" '
    'bounds="[0,0][1080,2400]" drawing-order="3" hint="">'
    '<node index="0" text="h&#233;patite &#55357;&#56832; &lt;b&gt;" '
    'resource-id="org.example:id/search" class="android.widget.EditText" package="org.example" '
    'content-desc="Suche&#10;Feld" checkable="false" checked="false" clickable="true" '
    'enabled="true"'
    ' focusable="true" focused="true" scrollable="false" long-clickable="true" password="false" '
    'selected="false" bounds="[-10,100][500,220]" hint="Arzt suchen"/></node></hierarchy>'
)


def test_attributes_are_read_by_name() -> None:
    tree = parse(DUMP)
    assert tree.rotation == 1
    field = tree.focused()
    assert field is not None
    assert field.text == "hépatite 😀 <b>"
    assert (field.hint, field.description) == ("Arzt suchen", "Suche\nFeld")
    assert field.bounds == Bounds(-10, 100, 500, 220)
    assert field.bounds.centre == (245, 160)
    assert field.clickable
    assert field.long_clickable
    assert not tree.roots[0].clickable
    assert tree.packages() == ("org.example",)
    assert len(list(tree.walk())) == 2


def test_what_follows_the_document_is_left_out() -> None:
    """`uiautomator dump /dev/tty` appends its status line."""
    assert parse(DUMP + "UI hierchary dumped to: /dev/tty\n") == parse(DUMP)


def test_equal_dumps_are_equal_trees() -> None:
    assert parse(DUMP) == parse(DUMP)
    assert parse(DUMP) != parse(DUMP.replace('focused="true"', 'focused="false"'))


def test_several_windows() -> None:
    """`--windows` wraps one hierarchy per window."""
    inner = DUMP.removeprefix(HEAD)
    both = parse(
        f"{HEAD}<displays><display><window>{inner}</window><window>{inner}</window></display></displays>"
    )
    assert len(both.roots) == 2


def test_missing_attributes_have_defaults() -> None:
    node = parse('<hierarchy><node class="x"/></hierarchy>').roots[0]
    assert node.bounds.empty
    assert node.enabled
    assert node.text == ""


def test_entity_bombs_are_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><hierarchy text="&c;"/>'
    with pytest.raises(LabError, match="document type"):
        parse(bomb)


@pytest.mark.parametrize("text", ["", "no xml", "<hierarchy><node></hierarchy>", "<hierarchy"])
def test_no_xml_is_an_error(text: str) -> None:
    with pytest.raises(LabError, match="not well-formed"):
        parse(text)


def test_a_tree_too_deep_is_refused() -> None:
    deep = "<hierarchy>" + "<node>" * 500 + "</node>" * 500 + "</hierarchy>"
    with pytest.raises(LabError, match="too large"):
        parse(deep)

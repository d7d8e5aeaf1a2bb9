"""Pictures in the page: images only, and no more than it may hold."""

from __future__ import annotations

from base64 import b64decode

from harness.report.html.pictures import Room, shown
from harness.report.run import Picture

PNG = b"\x89PNG\r\n\x1a\n picture"


def test_images_by_their_first_bytes_become_data() -> None:
    contents = (PNG, b"\xff\xd8\xff\xe0 jpeg", b"RIFF\0\0\0\0WEBPVP8 ")
    found, left = shown([Picture(f"{n}", each) for n, each in enumerate(contents)], Room())
    kinds = [each.url.partition(";")[0] for each in found]
    assert kinds == ["data:image/png", "data:image/jpeg", "data:image/webp"]
    assert b64decode(found[0].url.partition(",")[2]) == PNG
    assert left == 0


def test_what_is_no_image_is_not_shown() -> None:
    for content in (b"<svg onload=alert(1)>", b"", b"GIF89a", b"<script>"):
        assert shown([Picture("screenshot.png", content)], Room()) == ((), 0)


def test_a_page_holds_so_many_bytes_and_counts_the_rest() -> None:
    room = Room(2 * len(PNG))
    found, left = shown([Picture(str(n), PNG) for n in range(5)], room)
    assert (len(found), left, room.size_bytes) == (2, 3, 0)
    assert shown([Picture("6", PNG)], room) == ((), 1)

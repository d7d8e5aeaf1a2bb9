"""The screen: its size, what `wm` overrides, and the pictures of the home screen.

The size of a running app does not follow an override; it holds for apps started afterwards.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace

from harness.virtual.device.activities import LAUNCHER
from harness.virtual.host import DisplayProfile

_TOP, _BOTTOM = (38, 50, 90), (120, 150, 190)


class Display:
    """One screen.

    Args:
        physical: as built.
    """

    def __init__(self, physical: DisplayProfile) -> None:
        self.physical = physical
        self.override_size: tuple[int, int] | None = None
        self.override_density: int | None = None

    @property
    def density(self) -> int:
        return self.override_density or self.physical.density_dpi

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height that apps see."""
        return self.override_size or (self.physical.width_px, self.physical.height_px)

    @property
    def profile(self) -> DisplayProfile:
        """What the next app is bound with."""
        width, height = self.size_px
        return replace(
            self.physical,
            width_dp=width * 160 // self.density,
            height_dp=height * 160 // self.density,
            density_dpi=self.density,
        )

    def wallpaper(self) -> bytes:
        """The home screen as PNG: a plain gradient."""
        width, height = self.size_px
        rows = bytearray()
        for y in range(height):
            color = bytes(
                top + (bottom - top) * y // height
                for top, bottom in zip(_TOP, _BOTTOM, strict=True)
            )
            rows += b"\0" + color * width
        head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        return (
            b"\x89PNG\r\n\x1a\n"
            + _chunk(b"IHDR", head)
            + _chunk(b"IDAT", zlib.compress(bytes(rows), 1))
            + _chunk(b"IEND", b"")
        )

    def launcher_hierarchy(self) -> bytes:
        """The home screen as `uiautomator dump` writes it: one empty frame."""
        width, height = self.size_px
        node = (
            f'<node index="0" text="" resource-id="" class="android.widget.FrameLayout" '
            f'package="{LAUNCHER}" content-desc="" checkable="false" checked="false" '
            f'clickable="false" enabled="true" focusable="false" focused="false" '
            f'scrollable="false" long-clickable="false" password="false" selected="false" '
            f'bounds="[0,0][{width},{height}]" />'
        )
        head = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"
        return f'{head}<hierarchy rotation="0">{node}</hierarchy>'.encode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

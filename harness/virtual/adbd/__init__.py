"""adbd: the device's side of the adb protocol, in front of services that others provide."""

from __future__ import annotations

from harness.virtual.adbd.server import AdbServer
from harness.virtual.adbd.service import Opener, Services, Session
from harness.virtual.adbd.stream import Stream, StreamClosed

__all__ = ["AdbServer", "Opener", "Services", "Session", "Stream", "StreamClosed"]

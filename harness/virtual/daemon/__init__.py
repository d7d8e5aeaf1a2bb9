"""The process of a virtual device: start, stop, list, and what it is put together from."""

from __future__ import annotations

from harness.virtual.daemon.client import (
    VirtualDevice,
    list_devices,
    start_device,
    stop_device,
)

__all__ = ["VirtualDevice", "list_devices", "start_device", "stop_device"]

"""leak-harness: which parties receive what people type into an Android app?

The package is laid out in rooms whose imports point one way; `ARCHITECTURE.md` draws them.
"""

from __future__ import annotations

__version__ = "0.1.0"

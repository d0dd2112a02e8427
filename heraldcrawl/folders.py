"""Folders that may not be there yet, or that this user may not enter."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that can be seen: where it would be made."""
    while not os.access(folder, os.F_OK):  # Path.exists raises where a folder is closed to us
        folder = folder.parent
    return folder

"""The numbers of all advisory locks, side by side so that no two are the same."""

from __future__ import annotations

from typing import Final

#: Taken by whoever migrates, so that several crawls may start at once.
MIGRATION_LOCK: Final = 4_853_001
#: First half of the name of a run's lock, its sign of life; its number is the other half.
RUN_LOCK: Final = 4_853_002
#: Taken by whoever stores stories, and links them to those that they are copies of.
STORE_LOCK: Final = 4_853_003
#: Taken by whoever decides which alarms are told.
ALARM_LOCK: Final = 4_853_004

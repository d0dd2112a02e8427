"""Signals of our own, beside Scrapy's."""

from __future__ import annotations

from typing import Final

#: The run's row is complete, and its database is still open. Sent with ``reason``; handlers may be
#: asynchronous, and the crawl ends after them.
run_finished: Final = object()

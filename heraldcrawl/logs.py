"""The log as JSON, one object a line, where LOG_JSON is set: for programs that collect logs.

In place of Scrapy's root handler, from the first line on: the add-on installs it before Scrapy
would install its own. Of a record it tells the ``time`` (UTC), ``level``, ``logger``, ``message``,
``spider`` and ``run``, and of an error its ``exception``; nothing else of what is attached to it,
for that may be a whole story.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pythonjsonlogger.json import JsonFormatter
from scrapy.utils.log import configure_logging

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scrapy.settings import BaseSettings


class JsonLines(JsonFormatter):
    """Writes a record as one line."""

    def __init__(self) -> None:
        super().__init__(json_ensure_ascii=False)
        self.of_run: Callable[[], Mapping[str, Any]] = lambda: {"spider": None, "run": None}

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        log_data["time"] = datetime.fromtimestamp(record.created, UTC).isoformat()
        log_data["level"] = record.levelname
        log_data["logger"] = record.name
        log_data["message"] = record.message
        log_data |= self.of_run()
        if exception := message_dict.get("exc_info"):
            log_data["exception"] = exception


def install(settings: BaseSettings) -> None:
    """Let the root logger write JSON to LOG_FILE, or else to standard error."""
    handler: logging.Handler = logging.StreamHandler()
    if name := settings.get("LOG_FILE"):
        mode = "a" if settings.getbool("LOG_FILE_APPEND") else "w"
        handler = logging.FileHandler(name, mode=mode, encoding=settings.get("LOG_ENCODING"))
    handler.setFormatter(JsonLines())
    handler.setLevel(settings.get("LOG_LEVEL"))
    for old in [each for each in logging.root.handlers if isinstance(each.formatter, JsonLines)]:
        logging.root.removeHandler(old)
        old.close()
    logging.root.setLevel(logging.NOTSET)
    logging.root.addHandler(handler)


def formatter() -> JsonLines | None:
    """What was installed."""
    found = (each.formatter for each in logging.root.handlers)
    return next((each for each in found if isinstance(each, JsonLines)), None)


def log_command(settings: BaseSettings, level: str) -> None:
    """Let a command that is no crawl log from a level on.

    :param level: such as WARNING
    """
    log = settings.copy()
    log.setdict({"LOG_ENABLED": True, "LOG_LEVEL": level, "LOG_FILE": None}, priority="cmdline")
    if log.getbool("LOG_JSON"):
        install(log)
        log.set("LOG_INSTALL_ROOT_HANDLER", value=False, priority="cmdline")
    configure_logging(dict(log))

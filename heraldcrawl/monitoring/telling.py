"""Telling: what a look saw goes into the log and the table, and once to the operator."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from heraldcrawl.errors import HeraldError
from heraldcrawl.monitoring.delivery import deliver, ways
from heraldcrawl.monitoring.message import compose, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.settings import BaseSettings

    from heraldcrawl.errors import DeliveryError
    from heraldcrawl.monitoring.alarms import News
    from heraldcrawl.monitoring.delivery import Way
    from heraldcrawl.monitoring.message import Message
    from heraldcrawl.monitoring.verdict import Verdict
    from heraldcrawl.store.alarms import AlarmBook

logger = logging.getLogger(__name__)


async def tell(book: AlarmBook, verdict: Verdict, settings: BaseSettings) -> bool:
    """Take in what was seen, and tell what is to be told.

    :returns: whether whoever should hear has heard
    """
    news = await book.take_in(verdict.alarms, verdict.well)
    _log(verdict, news)
    if not news:
        return True
    message = compose(news)
    if has_heard := await send(message, settings):
        await book.told(news)
    else:
        await book.not_told(news)
    return has_heard


async def send(message: Message, settings: BaseSettings) -> bool:
    """Send a message on every way that is configured; where there is none, the log is the way.

    :returns: whether it arrived on one at least
    """
    to = configured(settings)
    if to is None:
        return False
    errors: Sequence[DeliveryError] = ()
    if to:
        errors = await deliver(to, message, settings.getfloat("ALARM_SECONDS") / 2)
    for error in errors:
        logger.error("An alarm was not delivered: %s; the next run tries again", error)
    return not to or len(errors) < len(to)


def configured(settings: BaseSettings) -> list[Way] | None:
    """Every way that the settings give; None where they are wrong, which the log says."""
    try:
        return ways(settings)
    except HeraldError as error:
        logger.error("Alarms cannot be delivered: %s", error)  # noqa: TRY400  (one sentence)
        return None


def _log(verdict: Verdict, news: Sequence[News]) -> None:
    """One line for each alarm: a warning when it is told, a note while it is held back."""
    told = {each.standing.alarm.key: each for each in news}
    for alarm in verdict.alarms:
        if alarm.key not in told:
            logger.info("Alarm, held back: %s: %s", alarm.key, alarm.seen)
    for each in news:
        if each.kind == "over":
            logger.info("Alarm over: %s", each.standing.alarm.key)
        else:
            logger.warning("Alarm (%s): %s", each.kind, line(each.standing))

"""The settings: who we are, what is secret, who hears of trouble, Scrapyd."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from heraldcrawl.doctor.check import ok, warning, wrong
from heraldcrawl.environment import check_root
from heraldcrawl.errors import ArgumentError, HeraldError, SecretError
from heraldcrawl.monitoring.delivery import ways
from heraldcrawl.scrapyd import Scrapyd
from heraldcrawl.secret import read_secret, secret
from heraldcrawl.status.report import is_scrapyd_configured
from heraldcrawl.store.revisits import parse_ages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.settings import BaseSettings

    from heraldcrawl.doctor.check import Check

#: CONTACT where nobody has set it.
_NOBODY: Final = "https://github.com/heraldcrawl/heraldcrawl"
_OF_SETTINGS: Final = ("DATABASE_URL_FILE", "ALARM_WEBHOOK_FILE", "ALARM_SMTP_FILE")
_OF_ENVIRONMENT: Final = ("SCRAPYD_USERNAME_FILE", "SCRAPYD_PASSWORD_FILE")
_GENTLE_SECONDS: Final = 1.0


def look_at_settings(settings: BaseSettings) -> Iterator[Check]:
    """Look at what the operator has set."""
    yield _contact(settings)
    yield _manners(settings)
    try:
        check_root(settings["SITE_URL"])
    except ArgumentError as error:
        told = "correct it; the newspaper's own is https://www.koreaherald.com"
        yield wrong("site", str(error), told)
    yield _secrets(settings)
    yield _alarms(settings)
    if is_scrapyd_configured(os.environ):
        yield _scrapyd(settings)


def _contact(settings: BaseSettings) -> Check:
    contact = settings["CONTACT"]
    if not contact or contact == _NOBODY:
        return warning(
            "contact",
            "the site has nobody to write to",
            "set CONTACT to your address; it is part of the user agent",
        )
    return ok("contact", f"{contact}")


def _manners(settings: BaseSettings) -> Check:
    if not settings.getbool("ROBOTSTXT_OBEY"):
        return wrong("manners", "ROBOTSTXT_OBEY is off", "switch it on")
    try:
        parse_ages(settings.getlist("REVISIT_HOURS"))
    except HeraldError as error:
        return wrong("manners", str(error), "correct REVISIT_HOURS")
    delay = settings.getfloat("DOWNLOAD_DELAY")
    if delay < _GENTLE_SECONDS and not settings.get("REPLAY"):
        return warning(
            "manners", f"DOWNLOAD_DELAY is {delay:g} s", "leave it at 1 on the live site"
        )
    return ok("manners", f"robots.txt is obeyed, {delay:g} s between requests")


def _secrets(settings: BaseSettings) -> Check:
    named = {name: settings.get(name) for name in _OF_SETTINGS}
    named |= {name: os.environ.get(name) for name in _OF_ENVIRONMENT}
    files = {name: path for name, path in named.items() if path}
    try:
        for name, path in files.items():
            read_secret(name, path)
    except SecretError as error:
        return wrong("secrets", str(error), "only the crawl's user may read it")
    return ok("secrets", f"{', '.join(files)} closed to others" if files else "no file names one")


def _alarms(settings: BaseSettings) -> Check:
    try:
        found = [way.name for way in ways(settings)]
    except ArgumentError as error:
        return wrong("alarms", str(error), "correct the setting")
    except HeraldError as error:
        return wrong("alarms", str(error), "see secrets")
    if not found:
        return warning(
            "alarms",
            "nobody hears of trouble",
            "set ALARM_WEBHOOK, ALARM_SMTP with ALARM_MAIL_TO, or ALARM_COMMAND",
        )
    return ok("alarms", f"by {', '.join(found)}; scrapy alarms --test sends one")


def _scrapyd(settings: BaseSettings) -> Check:
    try:
        login = secret("SCRAPYD_USERNAME"), secret("SCRAPYD_PASSWORD")
        jobs = Scrapyd(settings["SCRAPYD_URL"], settings["BOT_NAME"], *login).jobs()
    except SecretError as error:
        return wrong("scrapyd", str(error), "name the file, with mode 600")
    except HeraldError as error:
        return warning("scrapyd", str(error), "systemctl start heraldcrawl.target, make deploy")
    return ok("scrapyd", f"answers at {settings['SCRAPYD_URL']}, {len(jobs)} jobs run or wait")

"""Which story of the archive a fetched page is, for a story may be known by two ids.

The site gave each story a ``ud`` and later a number of ``/article/``. What a page says of its other
id is a claim: a template may give all pages the same canonical address, and a dead story's address
may lead to another story. A claim counts when the texts agree as well. Two different stories are
never joined, rather two prints of one kept apart; two ids of one kind are two stories always.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from heraldcrawl.site.addresses import are_of_one_kind, story_id, ud_day
from heraldcrawl.site.dates import KST
from heraldcrawl.site.text import loose, same

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from heraldcrawl.items import Article

#: Prints of one story tell the same minute; a column of the same title comes the next day.
_SAME_TIME: Final = timedelta(hours=1)
#: A ``ud`` holds the day on which the story was begun; it is published then or a few days later.
_BEGUN_BEFORE: Final = timedelta(days=7)
#: A text with fewer letters, "(Yonhap)", is the text of many.
_TELLING: Final = 100
#: Lists cut headlines off; what is left of so many letters still tells.
_TELLING_HEADLINE: Final = 18

REDIRECT: Final = "redirect"


@dataclass(frozen=True, slots=True)
class Visit:
    """What a fetch of a story's page told beside the story."""

    url: str  # that answered, on www.koreaherald.com
    etag: str | None = None
    last_modified: str | None = None
    #: Other ids that the page goes by, and what says so: redirect, canonical, og:url, json-ld.
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    listed: str | None = None  # the headline in the list that led to it

    @property
    def arrived_at(self) -> str | None:
        """The id whose page answered, if the site led from the story to another one."""
        return next((id_ for id_, evidence in self.named.items() if REDIRECT in evidence), None)


def other_names(
    article_id: str, url: str, names: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Find by which other ids a page goes that was fetched for a story.

    :param url: the page's, to which a redirect may have led
    :param names: what the page says of itself: id -> evidence
    """
    arrived_at = story_id(url) or next(iter(names))
    named = {id_: said for id_, said in names.items() if id_ != article_id}
    if arrived_at != article_id:
        named[arrived_at] = (REDIRECT, *named.get(arrived_at, ()))
    return named


@dataclass(frozen=True, slots=True)
class Partner:
    """A stored story that a fetched page may be of."""

    fetched_id: str
    how: str  # alias, itself, named or naming (one page by the other), published (the same minute)
    id: str
    evidence: Sequence[str] | None  # of naming and published
    alias: str | None  # its other id
    headline: str
    article_body: str
    date_published: datetime | None


@dataclass(frozen=True, slots=True)
class Alias:
    """Another id of a story."""

    alias: str
    article_id: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """Which story a fetched page is.

    :param article_id: under which it is stored; None: it is another story than the one asked for
    :param alias: what is known from now on
    :param claims: what the page says of other ids, which proves nothing
    :param is_doubtful: it contradicts what is stored, or that has been stored apart
    :param is_stored: the archive has that story already
    """

    article_id: str | None
    alias: Alias | None = None
    claims: tuple[Alias, ...] = ()
    is_doubtful: bool = False
    is_stored: bool = False


def page_of(article: Article, visit: Visit | None) -> dict[str, object]:
    """Tell what to look for in the archive; a record for the statement ``partners``."""
    named = _names(article, visit)
    published = _instant(article)
    minute = None
    if isinstance(published, datetime):
        minute = published.replace(second=0).isoformat()
    is_compared = bool(named or (visit and visit.arrived_at))
    return {"id": article.id, "named": [*named], "is_compared": is_compared, "minute": minute}


def identify(
    articles: Iterable[Article], visits: Mapping[str, Visit], partners: Sequence[Partner]
) -> dict[str, Identity]:
    """Find out which stories the fetched pages are.

    :param partners: as the statement ``partners`` finds them
    """
    by_page = attrgetter("fetched_id")
    of_page = {id_: [*few] for id_, few in groupby(sorted(partners, key=by_page), by_page)}
    return {
        article.id: _identify(article, visits.get(article.id), of_page.get(article.id, []))
        for article in articles
    }


def without_alias(article_id: str, identity: Identity) -> Identity:
    """Take back an alias that the archive had to refuse: that story has another id already."""
    assert identity.alias is not None
    alias, other = identity.alias, identity.alias.article_id
    if other == article_id:
        other = alias.alias
    claim = Alias(other, article_id, alias.evidence)
    return replace(
        identity,
        article_id=article_id,
        is_stored=identity.is_stored and identity.article_id == article_id,
        alias=None,
        claims=(*identity.claims, claim),
        is_doubtful=True,
    )


def agreement(article: Article, stored: Partner) -> tuple[str, ...]:
    """Tell in what a page agrees with a stored story: ``headline``, ``text``.

    Nothing, if they were published at different times.
    """
    if _are_apart(_instant(article), stored.date_published):
        return ()
    agreed = []
    if article.headline and same(article.headline, stored.headline):
        agreed.append("headline")
    text = loose(article.article_body)
    if len(text) >= _TELLING and text == loose(stored.article_body):
        agreed.append("text")
    return tuple(agreed)


def _identify(article: Article, visit: Visit | None, partners: list[Partner]) -> Identity:
    for partner in partners:
        if partner.how == "alias":
            return Identity(partner.id, is_stored=True)
    for partner in partners:
        if partner.how == "itself":
            return _stored_already(article, visit, partner, partners)
    return _not_stored_yet(article, visit, partners)


def _stored_already(
    article: Article, visit: Visit | None, stored: Partner, partners: list[Partner]
) -> Identity:
    """The page of a stored story: what does it say of other ids?"""
    arrived_at = visit.arrived_at if visit else None
    names = {id_: said for id_, said in _names(article, visit).items() if id_ != stored.alias}
    known = {partner.id for partner in partners if partner.how == "named"}
    alias = None
    if arrived_at not in (None, stored.alias):
        agreed = agreement(article, stored)
        if not agreed:
            return Identity(None, is_stored=True)
        if arrived_at in names and arrived_at not in known and stored.alias is None:
            alias = Alias(arrived_at, article.id, (*names.pop(arrived_at), *agreed))
    claims = tuple(Alias(id_, article.id, said) for id_, said in names.items())
    is_doubtful = bool(known & names.keys())
    return Identity(article.id, alias, claims, is_doubtful, is_stored=True)


def _not_stored_yet(article: Article, visit: Visit | None, partners: list[Partner]) -> Identity:
    """The page of a story that is not stored by this id; by another?"""
    names = _names(article, visit)
    joined: dict[str, Alias] = {}
    for partner in partners:
        evidence = _proof(article, visit, partner)
        if evidence and partner.alias is None and not are_of_one_kind(partner.id, article.id):
            joined.setdefault(partner.id, Alias(article.id, partner.id, evidence))
    if len(joined) == 1:
        [join] = joined.values()
        return Identity(join.article_id, join, is_stored=True)
    known = {partner.id for partner in partners if partner.how == "named"}
    arrived_at = visit.arrived_at if visit else None
    alias: Alias | None = None
    if arrived_at in names and arrived_at not in known and (led := _led_to(article, visit)):
        alias = Alias(arrived_at, article.id, (*names.pop(arrived_at), *led))
    claims = tuple(Alias(id_, article.id, said) for id_, said in names.items())
    is_doubtful = bool(joined or known & names.keys())
    return Identity(article.id, alias, claims, is_doubtful)


def _proof(article: Article, visit: Visit | None, partner: Partner) -> tuple[str, ...]:
    """Why a page is that of a story stored by another id; nothing if that is not sure."""
    agreed = agreement(article, partner)
    said = partner.evidence or ()
    if partner.how == "published":
        return (*said, *agreed) if agreed == ("headline", "text") else ()
    if partner.how == "naming":
        # Where a redirect had led from there to here, that story's text is this page's.
        return (*said, *agreed) if agreed and REDIRECT not in said else ()
    said = _names(article, visit).get(partner.id, ())
    led = _led_to(article, visit) if REDIRECT in said else agreed
    return (*said, *dict.fromkeys((*led, *agreed))) if agreed and led else ()


def _names(article: Article, visit: Visit | None) -> dict[str, tuple[str, ...]]:
    """What a page says of ids of the other kind."""
    named = visit.named.items() if visit else ()
    return {id_: said for id_, said in named if not are_of_one_kind(id_, article.id)}


def _led_to(article: Article, visit: Visit | None) -> tuple[str, ...]:
    """Why the page at the end of a redirect is the one that was asked for.

    It agrees with itself, of course. So: it is what the list had announced, ``listed``; where no
    list had, it is of the days of its ``ud``, ``published``.
    """
    assert visit is not None
    if visit.listed:
        listed, headline = loose(visit.listed), loose(article.headline)
        short = min(len(listed), len(headline))
        is_cut = short >= _TELLING_HEADLINE and listed[:short] == headline[:short]
        return ("listed",) if is_cut or (listed and listed == headline) else ()
    published = _instant(article)
    days = [day for id_ in (article.id, visit.arrived_at or "") if (day := ud_day(id_))]
    if published is None or not days:
        return ()
    day = published.date() if isinstance(published, datetime) else published
    return ("published",) if timedelta(0) <= day - days[0] <= _BEGUN_BEFORE else ()


def _are_apart(one: datetime | date | None, other: datetime | None) -> bool:
    """Whether two stories were published at different times; a day is stored as its midnight."""
    if one is None or other is None:
        return False
    other = other.astimezone(KST)
    if not isinstance(one, datetime):
        return one != other.date()
    one = one.astimezone(KST)
    if other.time() == time.min:
        return one.date() != other.date()
    return abs(one - other) > _SAME_TIME


def _instant(article: Article) -> datetime | date | None:
    stamp = article.date_published
    if not stamp:
        return None
    return datetime.fromisoformat(stamp) if "T" in stamp else date.fromisoformat(stamp)

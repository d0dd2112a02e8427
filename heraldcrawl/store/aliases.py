"""The ids by which stories are known, in the transaction that stores them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from psycopg.rows import class_row

from heraldcrawl.site.addresses import story_url
from heraldcrawl.store.identity import Identity, Partner, identify, page_of, without_alias
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from heraldcrawl.items import Article
    from heraldcrawl.store.identity import Alias, Visit
    from heraldcrawl.store.link import Connection

_QUERIES = load("aliases")


@dataclass(frozen=True, slots=True)
class Known:
    """A story by its ids."""

    article_id: str  # under which it is stored, or would be
    alias: str | None

    @property
    def url(self) -> str:
        """Where its page is today: at the number, for the site has left the ``ud`` behind."""
        return story_url(min((self.article_id, self.alias or self.article_id), key=len))


async def identify_fetched(
    connection: Connection, articles: Sequence[Article], visits: Mapping[str, Visit]
) -> dict[str, Identity]:
    """Find out which stories fetched pages are, and note the ids that are sure from now on.

    Of two crawls that store one story by its two ids at once, the second sees what the first has
    stored: they come one after the other, by the lock that duplicates.py takes first of all.

    :param articles: with ids of one kind, for two of them may be one story otherwise
    :param visits: what their pages told of other ids
    :returns: by the ids they were fetched under
    """
    pages = [page_of(article, visits.get(article.id)) for article in articles]
    cursor = connection.cursor(row_factory=class_row(Partner))
    await cursor.execute(_QUERIES["partners"], {"pages": json.dumps(pages)})
    identities = identify(articles, visits, await cursor.fetchall())
    wanted = {id_: each.alias for id_, each in identities.items() if each.alias}
    if wanted:
        made = await connection.execute(
            _QUERIES["insert_aliases"], {"aliases": _records(wanted.values())}
        )
        granted = set(await made.fetchall())  # two pages may want the same one
        for id_, alias in wanted.items():
            if (alias.alias, alias.article_id) not in granted:
                identities[id_] = without_alias(id_, identities[id_])
    return identities


async def note_claims(connection: Connection, identities: Iterable[Identity]) -> None:
    """Note what pages say of other ids and nothing proves; once their stories are stored."""
    claims = [claim for identity in identities for claim in identity.claims]
    if claims:
        records = [
            {"article_id": each.article_id, "named": each.alias, "evidence": each.evidence}
            for each in claims
        ]
        await connection.execute(_QUERIES["insert_claims"], {"claims": json.dumps(records)})


async def resolve(connection: Connection, ids: Sequence[str]) -> list[Known]:
    """Tell which stories are known by some ids, each once."""
    cursor = await connection.execute(_QUERIES["resolve"], {"ids": list(ids)})
    known = {row[0]: Known(row[1], row[2]) for row in await cursor.fetchall()}
    return list(dict.fromkeys(known[id_] for id_ in ids))


def _records(aliases: Iterable[Alias]) -> str:
    return json.dumps([asdict(alias) for alias in aliases])

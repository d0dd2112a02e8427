"""Which story a fetched page is: two prints of one are joined, two stories never."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.items import Article
from heraldcrawl.store.identity import Alias, Identity, Partner, Visit, identify, page_of

if TYPE_CHECKING:
    from collections.abc import Mapping

UD, OTHER_UD = "20260301000001", "20260301000002"
NUMBER, OTHER_NUMBER = "10400001", "10400002"
PUBLISHED = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 2, 28, 15, tzinfo=UTC)  # in Korea
HEADLINE = "Ferry to the northern islands sails again"
BODY = "The ferry to the northern islands sails again, twice a day, its operator said. " * 3


def article(id_: str, **changes: Any) -> Article:
    made = Article(
        id=id_,
        url="",
        headline=HEADLINE,
        date_published="2026-03-01T09:30:00+09:00",
        article_body=BODY,
    )
    return replace(made, **changes)


def partner(how: str, id_: str, **changes: Any) -> Partner:
    """A stored story with the same text."""
    made = Partner("", how, id_, None, None, HEADLINE, BODY, PUBLISHED)
    return replace(made, **changes)


def visit(*said: str, id_: str, **changes: Any) -> Visit:
    return Visit("", named={id_: said}, **changes)


def identity(page: Article, visited: Visit | None, *partners: Partner) -> Identity:
    found = [replace(each, fetched_id=page.id) for each in partners]
    visits = {page.id: visited} if visited else {}
    return identify([page], visits, found)[page.id]


# --- a story met again under its other id -------------------------------------------------------


@pytest.mark.parametrize("said", ["canonical", "og:url", "json-ld"])
def test_a_page_that_names_a_stored_story_with_its_text_is_that_story(said: str) -> None:
    found = identity(article(NUMBER), visit(said, id_=UD), partner("named", UD))
    assert found == Identity(UD, Alias(NUMBER, UD, (said, "headline", "text")), is_stored=True)


def test_so_is_the_page_that_a_stored_story_had_named() -> None:
    naming = partner("naming", UD, evidence=["canonical"])
    found = identity(article(NUMBER), None, naming)
    assert found == Identity(
        UD, Alias(NUMBER, UD, ("canonical", "headline", "text")), is_stored=True
    )


def test_an_edited_text_under_its_headline_is_still_that_story() -> None:
    edited = partner("named", UD, article_body="Another text.")
    found = identity(article(NUMBER), visit("canonical", id_=UD), edited)
    assert found.alias == Alias(NUMBER, UD, ("canonical", "headline"))


def test_a_new_headline_over_its_text_is_still_that_story() -> None:
    retitled = partner("named", UD, headline="The islands' ferry is back")
    found = identity(article(NUMBER), visit("canonical", id_=UD), retitled)
    assert found.alias == Alias(NUMBER, UD, ("canonical", "text"))


def test_without_a_word_of_its_other_id_headline_minute_and_text_tell() -> None:
    found = identity(article(NUMBER), None, partner("published", UD, evidence=["published"]))
    assert found == Identity(
        UD, Alias(NUMBER, UD, ("published", "headline", "text")), is_stored=True
    )


def test_a_stored_story_whose_address_leads_to_a_page_with_its_text_has_that_id_too() -> None:
    found = identity(article(UD), visit("redirect", id_=NUMBER), partner("itself", UD))
    assert found == Identity(
        UD, Alias(NUMBER, UD, ("redirect", "headline", "text")), is_stored=True
    )


def test_a_new_story_that_leads_to_a_stored_one_is_that_one_if_a_list_says_so() -> None:
    led = visit("redirect", "canonical", id_=NUMBER, listed=HEADLINE[:25])
    found = identity(article(UD), led, partner("named", NUMBER))
    evidence = ("redirect", "canonical", "listed", "headline", "text")
    assert found == Identity(NUMBER, Alias(UD, NUMBER, evidence), is_stored=True)


def test_a_known_alias_is_asked_nothing() -> None:
    known = partner("alias", UD, headline="Another", article_body="Another")
    assert identity(article(NUMBER), None, known) == Identity(UD, is_stored=True)


# --- claims that prove nothing -----------------------------------------------------------------


def test_a_claim_about_another_story_is_noted_and_joins_nothing() -> None:
    another = partner("named", UD, headline="Golf in May", article_body="Quite another text.")
    found = identity(article(NUMBER), visit("canonical", id_=UD), another)
    claim = Alias(UD, NUMBER, ("canonical",))
    assert found == Identity(NUMBER, None, (claim,), is_doubtful=True)


def test_a_claim_about_a_story_that_nobody_has_seen_is_no_doubt() -> None:
    found = identity(article(UD), visit("canonical", id_=NUMBER))
    assert found == Identity(UD, None, (Alias(NUMBER, UD, ("canonical",)),))


@pytest.mark.parametrize(
    ("published", "stored", "is_one"),
    [
        ("2026-03-01T09:30:00+09:00", PUBLISHED - timedelta(days=1), False),
        ("2026-03-01T09:30:00+09:00", PUBLISHED - timedelta(hours=5), False),
        ("2026-03-01T09:30:00+09:00", PUBLISHED - timedelta(seconds=20), True),
        ("2026-03-01T09:30:00+09:00", MIDNIGHT, True),
        ("2026-03-01T09:30:00+09:00", MIDNIGHT - timedelta(days=1), False),
        ("2026-03-01", MIDNIGHT, True),
        ("2026-03-01", PUBLISHED, True),
        ("2026-03-01", MIDNIGHT - timedelta(days=1), False),
        (None, PUBLISHED, True),
        ("2026-03-01", None, True),
    ],
)
def test_the_same_column_at_another_time_is_another_story(
    published: str | None, stored: datetime | None, is_one: bool
) -> None:
    column = partner("named", UD, date_published=stored)
    page = article(NUMBER, date_published=published)
    found = identity(page, visit("canonical", id_=UD), column)
    assert (found.article_id == UD) == is_one


def test_two_stories_with_rows_of_their_own_keep_them() -> None:
    found = identity(
        article(NUMBER), visit("canonical", id_=UD), partner("itself", NUMBER), partner("named", UD)
    )
    assert (found.article_id, found.alias, found.is_doubtful) == (NUMBER, None, True)
    assert found.claims == (Alias(UD, NUMBER, ("canonical",)),)


def test_a_story_has_one_other_id_at_most() -> None:
    taken = partner("named", UD, alias=OTHER_NUMBER)
    found = identity(article(NUMBER), visit("canonical", id_=UD), taken)
    assert (found.article_id, found.alias, found.is_doubtful) == (NUMBER, None, True)


def test_a_page_that_could_be_either_of_two_stories_is_neither() -> None:
    either = [partner("published", id_, evidence=["published"]) for id_ in (UD, OTHER_UD)]
    found = identity(article(NUMBER), None, *either)
    assert (found.article_id, found.alias, found.is_doubtful) == (NUMBER, None, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"headline": "Ferry to the southern islands sails again"},
        {"article_body": BODY + "Not on Sundays."},
        {"article_body": "(Yonhap)"},
        {"article_body": ""},
    ],
)
def test_the_minute_alone_proves_nothing(changes: dict[str, str]) -> None:
    page = article(NUMBER, **changes)
    stored = partner("published", UD, evidence=["published"])
    if "article_body" in changes and len(changes["article_body"]) < 100:
        stored = replace(stored, article_body=changes["article_body"])
    assert identity(page, None, stored).alias is None


# --- where redirects lead ----------------------------------------------------------------------


def test_a_dead_story_that_leads_to_another_one_is_not_that_one() -> None:
    led = visit("redirect", id_=NUMBER, listed="Golf in May")
    found = identity(article(UD), led, partner("named", NUMBER))
    assert (found.article_id, found.alias, found.is_doubtful) == (UD, None, True)


def test_nor_is_it_later_when_that_one_is_fetched() -> None:
    led_here = partner("naming", UD, evidence=["redirect"])
    assert identity(article(NUMBER), None, led_here) == Identity(NUMBER)


def test_without_a_list_the_day_of_the_ud_tells() -> None:
    led = visit("redirect", id_=NUMBER)
    found = identity(article(UD), led)
    assert found == Identity(UD, Alias(NUMBER, UD, ("redirect", "published")))
    years_ago = "20120301000001"
    found = identity(article(years_ago), led)
    assert found.alias is None
    assert found.claims == (Alias(NUMBER, years_ago, ("redirect",)),)


@pytest.mark.parametrize("end", [NUMBER, OTHER_UD])
def test_a_stored_story_keeps_its_text_where_it_leads_to_another_one(end: str) -> None:
    stored = partner("itself", UD, headline="Golf in May", article_body="Quite another text.")
    assert identity(article(UD), visit("redirect", id_=end), stored).article_id is None


def test_a_stored_story_may_lead_to_another_ud_with_its_text_and_has_no_second_ud() -> None:
    found = identity(article(UD), visit("redirect", id_=OTHER_UD), partner("itself", UD))
    assert found == Identity(UD, is_stored=True)


# --- whatever is claimed -------------------------------------------------------------------------

ids = st.sampled_from([UD, OTHER_UD, NUMBER, OTHER_NUMBER])
evidence = st.lists(
    st.sampled_from(["redirect", "canonical", "og:url", "json-ld"]), min_size=1, unique=True
)
visits = st.builds(
    lambda named, listed: Visit("", named={i: tuple(e) for i, e in named.items()}, listed=listed),
    st.dictionaries(ids, evidence, max_size=3),
    st.sampled_from([None, "", HEADLINE]),
)
unlike = st.builds(
    partner,
    st.sampled_from(["named", "naming", "published", "itself"]),
    ids,
    evidence=st.none() | evidence,
    headline=st.text(max_size=30).filter(lambda text: text != HEADLINE),
    article_body=st.text(max_size=300).filter(lambda text: text != BODY),
    date_published=st.none() | st.just(PUBLISHED),
)


@given(ids, visits, st.lists(unlike, max_size=4))
def test_no_claim_joins_stories_that_have_nothing_in_common(
    id_: str, visited: Visit, partners: list[Partner]
) -> None:
    found = identity(article(id_), visited, *partners)
    assert found.article_id in (id_, None)
    if found.alias:  # to an id under which nothing is stored
        assert found.alias.article_id == id_
        assert found.alias.alias not in {each.id for each in partners if each.how == "named"}


@given(ids, visits, st.lists(st.builds(partner, st.just("named"), ids), max_size=4))
def test_two_ids_of_one_kind_are_never_joined(
    id_: str, visited: Visit, partners: list[Partner]
) -> None:
    found = identity(article(id_), visited, *partners)
    if found.alias:
        assert len(found.alias.alias) != len(found.alias.article_id)
    named: Mapping[str, Any] = {claim.alias: claim for claim in found.claims}
    assert all(len(other) != len(id_) for other in named)


@pytest.mark.parametrize(
    ("published", "minute"),
    [
        ("2026-03-01T09:30:20+09:00", "2026-03-01T09:30:00+09:00"),
        ("2026-03-01", None),  # the day's stories are many
        (None, None),
    ],
)
def test_stories_of_the_same_minute_are_looked_at(published: str | None, minute: str) -> None:
    assert page_of(article(UD, date_published=published), None)["minute"] == minute

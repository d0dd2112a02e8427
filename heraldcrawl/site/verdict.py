"""Why a page is no story: what its title and its few words say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from heraldcrawl.site.addresses import resource_key, story_id
from heraldcrawl.site.text import clean

if TYPE_CHECKING:
    from heraldcrawl.site.page import Page

#: A page with more visible text than this says more than "no", even if a menu is around it.
FEW_WORDS: Final = 6000
#: A page with so little says nothing else, whatever a reader would make of it.
HARDLY_A_STORY: Final = 1500
_HARDLY_ANY: Final = 40
#: So many links to stories make a list or a front page.
_MANY_STORIES: Final = 8
_MOST_LINKS: Final = 2000
#: Keys of resources that are neither a story nor a page that says something of its own.
_FRONT_OR_LIST: Final = ("page:/:", "list:")
_SHOWN: Final = 160


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


_CHALLENGE = _any_of(
    r"just a moment",
    r"checking (?:if|your browser)",
    r"attention required",
    r"access (?:to this page has been )?denied",
    r"request blocked|you have been blocked|403 forbidden",
    r"captcha",
    r"are you (?:a )?(?:human|robot)|not a robot",
    r"verify (?:that )?you are (?:a )?human",
    r"unusual traffic|too many requests",
    r"ddos protection|security check|incident id",
    r"pardon our interruption",
    r"enable javascript and cookies",
    r"request (?:was|has been) rejected|requested url was rejected",
    r"request could not be satisfied",
    r"비정상적인 (?:접근|접속)|접근이? ?(?:차단|제한|거부)|자동 ?(?:입력|등록) ?방지",
)
_CHALLENGE_SCRIPT = _any_of(
    r"cf[-_]chl|challenge-platform|cf-browser-verification|cf-turnstile",
    r"_incapsula_|px-captcha|g-recaptcha|h-captcha|datadome",
    r"awswafcaptcha|aws-waf-token",
)
_NOT_FOUND = _any_of(
    r"(?:page|article|story|document|file|url|content|news)\b.{0,40}\b"
    r"(?:(?:can)?not (?:be )?found|does ?n[o']t exist|no longer (?:available|exists?)"
    r"|(?:has been|was) (?:removed|deleted))",
    r"(?:404|page|article) (?:error|not found)",
    r"\berror 404|\b404\b.{0,20}not found",
    r"no such (?:page|article)",
    r"can(?:no|')?t find (?:the|that|this) (?:page|article)",
    r"wrong (?:access|approach|path)",
    r"존재하지 ?않는|찾을 ?수 ?(?:가 ?)?없|없는 (?:기사|페이지)|비공개 ?(?:처리|기사)",
    r"삭제된 ?(?:기사|페이지|게시물)|삭제되었|잘못된 ?(?:접근|경로|주소|요청)",
)
_SENT_AWAY = _any_of(
    r"history\.(?:back|go)\s*\(",
    r"location\.(?:replace|assign)\s*\(|location(?:\.href)?\s*=",
    r"<meta[^>]{0,40}http-equiv\s*=\s*[\"']?refresh",
)
_CONSENT = _any_of(
    r"we value your privacy|manage your privacy",
    r"before you continue",
    r"accept all(?: cookies)?|cookie (?:consent|policy|settings)",
    r"consent to (?:the )?(?:use|process)",
    r"we (?:and our partners )?use cookies",
    r"개인정보 ?(?:수집|처리).{0,20}동의|쿠키.{0,20}동의",
)


def says_not_found(text: str) -> bool:
    """Tell whether a short text is the site's way to say that there is no such story.

    >>> says_not_found("존재하지 않는 기사입니다.")
    True
    >>> says_not_found("The vaccine was not found to be harmful, the ministry said.")
    False
    """
    return _NOT_FOUND.search(text) is not None


def verdict(page: Page, few_words: int = FEW_WORDS) -> tuple[str, str]:
    """Find the reason why a page in which no reader found a story is none, and what tells it.

    :param few_words: pages with more text are not searched for what they say instead
    :return: one of :data:`heraldcrawl.site.page.REASONS`, and a detail
    """
    title = page.tree.css_first("title")
    words = clean(title.text() or "") if title is not None else ""
    body = page.tree.body
    shown = visible(page)
    few = shown if len(shown) <= few_words else ""
    said = f"{words} {few}"
    script = page.text[:200_000]
    if found := _CHALLENGE.search(said) or (few and _CHALLENGE_SCRIPT.search(script)) or None:
        return "challenge", _around(found)
    if found := _NOT_FOUND.search(said):
        return "not_found", _around(found)
    if len(shown) < _HARDLY_ANY and (found := _SENT_AWAY.search(script)):
        return "not_found", f"nothing but {_around(found)}"
    stories = {
        id_
        for link in (body.css("a[href]")[:_MOST_LINKS] if body is not None else [])
        if (id_ := story_id(link.attributes.get("href") or ""))
    }
    if len(stories) >= _MANY_STORIES:
        return "list", f"{len(stories)} stories linked"
    if found := _CONSENT.search(said):
        return "consent", _around(found)
    if len(shown) < _HARDLY_ANY:
        return "empty", shown
    return "unreadable", shown[:_SHOWN]


def leads_away(page: Page) -> bool:
    """Tell whether a page stands where a story was, and is a list or the front page.

    :param page: with the address that answered; at a story's own address it leads nowhere
    """
    if story_id(page.url):
        return False
    is_listed = resource_key(page.url).startswith(_FRONT_OR_LIST)
    reason, _ = verdict(page)
    return reason == "list" or (is_listed and reason == "unreadable")


def visible(page: Page) -> str:
    """Return the text of a page without its scripts."""
    body = page.tree.body
    if body is None:
        return ""
    pieces = []
    for node in body.traverse(include_text=True):
        if node.tag == "-text":
            around = node.parent
            if around is None or around.tag not in ("script", "style", "template"):
                pieces.append(node.text_content or "")
    return clean(" ".join(pieces))


def _around(found: re.Match[str]) -> str:
    return clean(found.string[max(0, found.start() - 20) : found.end() + 40])[:_SHOWN]

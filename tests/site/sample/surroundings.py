"""What stands around a story on its page: adverts, lists, scripts, wrappers, other people's news.

Everything here changes from page to page by the seed, so that a reader which leans on it fails
somewhere. What the facts about the real markup call sure is never touched.
"""

from __future__ import annotations

import html
import random
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.site.sample.stories import Story


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Link:
    """Another story, as a page points to it."""

    headline: str
    url: str
    category: str
    category_url: str


@dataclass
class Surroundings:
    """The chance of one page; the same key, the same surroundings.

    :param key: what the page is, and whatever else should make a difference
    :param links: stories that the page may point to
    """

    key: str
    links: Sequence[Link] = ()
    rng: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.key)

    # --- the letters of the story ------------------------------------------------------------

    def ink(self, text: str) -> str:
        """Write the text as HTML, here and there with a no-break space or an entity."""
        escaped = html.escape(text, quote=False)
        style = self.rng.random()
        if style < 0.15:
            named: dict[str, str | int | None] = {
                "“": "&ldquo;",
                "”": "&rdquo;",
                "‘": "&lsquo;",
                "’": "&rsquo;",
            }
            escaped = escaped.translate(str.maketrans(named))
        elif style < 0.3:
            escaped = escaped.replace('"', "&quot;").replace("'", "&#39;")
        if style > 0.7:
            words = escaped.split(" ")
            place = self.rng.randrange(len(words))
            escaped = (
                " ".join(words[:place]) + ("&nbsp;" if place else "") + " ".join(words[place:])
            )
        return escaped

    def prose(self, text: str) -> str:
        """Write a paragraph of the body: ink, now and then an element around a word."""
        markup = self.mails(self.ink(text))
        if self.rng.random() > 0.12 or "<" in markup:
            return markup
        words = markup.split(" ")
        place = self.rng.randrange(len(words))
        if words[place].isalpha():
            before, after = self.one_of(
                ("<b>", "</b>"), ("<em>", "</em>"), ('<a href="/search/">', "</a>")
            )
            words[place] = before + words[place] + after
        return " ".join(words)

    def mails(self, markup: str) -> str:
        """Addresses in a child element now and then, which loses them for careless readers."""
        style = self.rng.choice(("plain", "link", "span"))
        if style == "plain" or "@" not in markup:
            return markup
        wrapped = r'<a href="mailto:\1">\1</a>' if style == "link" else r"<span>\1</span>"
        return re.sub(r"([\w.]+@[\w.]+\w)", wrapped, markup)

    # --- elements ----------------------------------------------------------------------------

    def classes(self, *names: str) -> str:
        """Make a class attribute with the names in any order and among others."""
        extra = self.rng.sample(("pc", "clearfix", "mt20", "js-view", "w100", "ko_en"), 2)
        names = (*names, *extra[: self.rng.randint(0, 2)])
        return f'class="{" ".join(self.rng.sample(names, len(names)))}"'

    def wrap(self, markup: str) -> str:
        """Put the markup inside up to two more elements."""
        for _ in range(self.rng.choice((0, 0, 1, 2))):
            markup = f"<div {self.classes('inner')}>{markup}</div>"
        return markup

    def one_of(self, *choices: T) -> T:
        return self.rng.choice(choices)

    def maybe(self, markup: str, chance: float = 0.5) -> str:
        return markup if self.rng.random() < chance else ""

    def comment(self) -> str:
        return self.one_of(
            "", "<!-- 기사 영역 -->", "<!-- // view -->", "<!--p>By Nobody At All</p-->"
        )

    def script(self) -> str:
        """Scripts hold text that must never be taken for the story's."""
        n = self.rng.randint(1000, 9999)
        return self.one_of(
            f"<script>var pv = {n}; document.title = document.title;</script>",
            f"<script>var tpl = \"<p class='date'>Published : Jan 1, 2001 - 00:0{n % 10}<\\/p>\";"
            "</script>",
            f'<script type="text/template"><a href="/view.php?ud=2001010100{n}">{{t}}</a></script>',
            f"<script async>window.dataLayer=[{{'id':{n}}}]</script>",
        )

    def advert(self) -> str:
        n = self.rng.randint(1, 99)
        return self.one_of(
            f'<div class="banner{n}Div"><iframe title="ad" width="728" height="90"></iframe></div>',
            f'<ins class="adsbygoogle" data-slot="{n}"></ins>',
            f'<div class="ad_{n}"><a href="https://ads.example/">Cheap umbrellas for all</a></div>',
            self.script(),
        )

    def ad_word(self) -> str:
        """Print the one-word advert that many pages carry near their ends."""
        return self.one_of("", "소아쌤", "피터빈트", "지나쌤")

    # --- other stories -----------------------------------------------------------------------

    def pick(self, count: int) -> list[Link]:
        return self.rng.sample(self.links, min(count, len(self.links)))

    def box(self, title: str, count: int = 5) -> str:
        """MOST POPULAR, LATEST NEWS and the like."""
        items = "\n".join(
            f'<li><em>{i}</em><a href="{esc(link.url)}">{esc(link.headline)}</a></li>'
            for i, link in enumerate(self.pick(count), 1)
        )
        name = self.one_of("rank_box", "main_r", "sideList", "most_area")
        return f"<div {self.classes(name)}><h3>{title}</h3>\n<ul>{items}</ul></div>"

    def related(self, css: str) -> str:
        items = "".join(
            f'<li><a href="{esc(link.url)}">{esc(link.headline)}</a></li>' for link in self.pick(3)
        )
        return f'<ul class="{css}">{items}</ul>'

    def cards(self, count: int = 4) -> str:
        """Headline cards; their category links look like the menu's."""
        return "\n".join(
            f'<div class="card"><p><a href="{esc(link.category_url)}" class="fontGbn">'
            f'{esc(link.category)}</a></p><p><a href="{esc(link.url)}" class="fontTitle">'
            f"{esc(link.headline)}</a></p></div>"
            for link in self.pick(count)
        )

    def with_hidden_copy(self, body: str, story: Story) -> str:
        """Print the body and, now and then, before or after it, a copy for telephones."""
        return self.one_of(
            body, body, body + self._hidden_copy(story), self._hidden_copy(story) + body
        )

    def _hidden_copy(self, story: Story) -> str:
        text = "<br><br>".join(esc(p) for p in story.paragraphs)
        return f'<div class="mobile_only" style="display:none">{text}</div>'


def esc(text: str) -> str:
    """Text for HTML, in attributes too."""
    return html.escape(text, quote=True)


def heavy(page: str, characters: int) -> str:
    """Bring a page to the weight of a real one: a ranking without dates, and scripts.

    :param characters: about so many; a page that has them already stays as it is
    """
    ranking = "".join(
        f'<li class="item"><a href="/view.php?ud=2018010100{i:04}"><span>{i}</span> '
        f"Another headline of the day, number {i}</a></li>"
        for i in range(200)
    )
    script = 'var slot = {"id": "' + "x" * 60 + '"};\n'
    room = (characters - len(page) - len(ranking)) // len(script)
    if room <= 0:
        return page
    extra = f'<div class="rank"><ul>{ranking}</ul></div><script>{script * room}</script>'
    return page.replace("</body>", f"{extra}</body>")

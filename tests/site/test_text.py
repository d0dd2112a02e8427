"""Text as readers see it: every way in which pages break, hide and escape it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from heraldcrawl.site.captions import tell_apart
from heraldcrawl.site.flow import flow
from heraldcrawl.site.layouts.furniture import NOISE
from heraldcrawl.site.text import clean, once, paragraphs, same

PHOTO = "http://res.heraldm.com/content/image/2019/03/01/20190301000001_0.jpg"


def laid(markup: str) -> list[str]:
    body = LexborHTMLParser(markup).body
    assert body is not None
    _, lines = tell_apart(flow([body], NOISE), "http://www.koreaherald.com/")
    return paragraphs(line for line in lines if not line.linked)


def photos(markup: str) -> list[tuple[str | None, str | None]]:
    body = LexborHTMLParser(markup).body
    assert body is not None
    images, _ = tell_apart(flow([body], NOISE), "http://www.koreaherald.com/")
    return [(image.caption, image.credit) for image in images]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("One.<br><br>Two.", ["One.", "Two."]),
        ("One.<br />\n <br />Two.", ["One.", "Two."]),
        ("One.<br>&nbsp;<br>Two.", ["One.", "Two."]),
        ("One.<br><br><br><br>Two.", ["One.", "Two."]),
        ("<p>One.</p>Two.<p>Three.</p>", ["One.", "Two.", "Three."]),
        ("<p>Roses are red,<br>violets are blue.</p>", ["Roses are red,\nviolets are blue."]),
        ("<div>One.</div><div>&nbsp;</div><div>Two.</div>", ["One.", "Two."]),
        ("<p><span><font>O<b>n</b>e</font></span>.</p>", ["One."]),
        ("One<wbr>sided<!-- x --> talk<script>no()</script>s.", ["Onesided talks."]),
        ("<h3>Heading</h3>Text.", ["Heading", "Text."]),
        ("<ol><li>First</li><li>Second</li></ol>After.", ["First\nSecond", "After."]),
        ("<dl><dt>Where</dt><dd>Jeju</dd></dl>", ["Where\nJeju"]),
        ("<blockquote>Said.</blockquote>Then.", ["Said.", "Then."]),
        ("<table><tr><th>A<th>B<tr><td>1<td>2</table>", ["A\tB\n1\t2"]),
        ("One.<div style='display: none'>Hidden.</div><br><br>Two.", ["One.", "Two."]),
        ("One, <p hidden>Hidden.</p>two.", ["One, two."]),
        ("One, <p class='blind'>For ears.</p>two.", ["One, two."]),
        ("One.<div class='khadv_bg'>Buy!</div>Two.", ["One.", "Two."]),
        ("One.<aside>Note</aside><noscript>No</noscript><br><br>Two.", ["One.", "Two."]),
        ("<p>One.</p><p><a href='/article/10700001'>Read this too</a></p>", ["One."]),
        ("<p>See <a href='/article/107'>the report</a> of May.</p>", ["See the report of May."]),
        ("<center>One.<p>Two.", ["One.", "Two."]),
        ("<div></td>One.</center></div>Two.", ["One.", "Two."]),
        ("Seoul&rsquo;s &amp;quot;no&amp;quot; &amp;#8212; again", ['Seoul’s "no" — again']),
        ("북한이&nbsp;&nbsp;밝혔다.<br><br>합참은", ["북한이 밝혔다.", "합참은"]),
    ],
)  # fmt: skip
def test_paragraphs_are_as_the_reader_sees_them(markup: str, expected: list[str]) -> None:
    assert laid(markup) == expected


def test_an_address_keeps_its_lines() -> None:
    assert laid("Tickets<br>Seoul 02-000-1234<br>Busan 051-000-1234") == [
        "Tickets\nSeoul 02-000-1234\nBusan 051-000-1234"
    ]


def test_single_breaks_after_sentences_end_paragraphs_where_nothing_else_does() -> None:
    lines = "The first sentence is long enough.<br>The second is as well, said he.<br>(Yonhap)"
    assert laid(lines) == [
        "The first sentence is long enough.",
        "The second is as well, said he.",
        "(Yonhap)",
    ]


IMG = f'<img src="{PHOTO}">'
TOLD = f'<img src="{PHOTO}" alt="An ox. (AP)">'
LAZY = f'<img data-src="{PHOTO}" src="data:image/gif;base64,R0">'


@pytest.mark.parametrize(
    "markup",
    [
        f"<table><tr><td>{IMG}</td></tr><tr><td><font>An ox. (AP)</font></td></tr></table>",
        f"<table><tr><td>An ox. (AP)</td></tr><tr><td>{IMG}</td></tr></table>",
        f"<center><div>{IMG}<p>An ox. (AP)</p></div></center>",
        f'<div align="center">{IMG}<br>An ox. (AP)</div>',
        f"<figure>{TOLD}<figcaption>An ox. (AP)</figcaption></figure>",
        f"<figure>{LAZY}<figcaption>An ox. (AP)</figcaption></figure>",
        f'<div class="z img_box">{IMG}<span class="img_caption">An ox. (AP)</span></div>',
        f'<p class="caption">An ox. (AP)</p>{IMG}',
        TOLD,
        f"{TOLD}<br>An ox. (AP)",
        f"{TOLD}<p>An ox. (AP) An ox. (AP)</p>",
    ],
)
def test_a_caption_is_told_from_the_story(markup: str) -> None:
    assert photos(f"{markup}<p>The story begins.</p>") == [("An ox.", "AP")]
    assert laid(f"{markup}<p>The story begins.</p>") == ["The story begins."]


def test_text_in_a_centre_that_never_ends_is_the_story() -> None:
    story = "<br><br>".join(f"Paragraph {n} of a story that goes on." for n in range(9))
    assert len(laid(f'<center><img src="{PHOTO}">{story}')) == 9


def test_a_table_that_arranges_the_page_is_no_caption() -> None:
    story = "".join(f"<p>Paragraph {n} of a story that goes on.</p>" for n in range(9))
    assert len(laid(f'<table><tr><td><img src="{PHOTO}"></td><td>{story}</td></tr></table>')) == 9


def test_a_text_printed_for_two_screens_counts_once() -> None:
    text = ["The talks are to resume in June, he said.", "Nobody else spoke.", "(Yonhap)"]
    assert once(text * 2) == text
    assert once([*text, *text[:2]]) == text
    assert once([*text, "(Yonhap)"]) == [*text, "(Yonhap)"]


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    # Entities apart: what was escaped twice is decoded by one cleaning, what thrice by two.
    text = clean(text.replace("&", ""))
    assert clean(text) == text
    text.encode()


@given(st.text(), st.text())
def test_sameness_is_mutual(one: str, other: str) -> None:
    one, other = clean(one), clean(other)
    assert same(one, one)
    assert same(one, other) == same(other, one)


@given(st.lists(st.text(min_size=1), max_size=12))
def test_taking_a_text_once_never_loses_a_paragraph(text: list[str]) -> None:
    assert set(once(text)) == set(text)

"""The language of a story, by its letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.site.language import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Exports of laver rose in October.", "en"),
        ("", "en"),
        ("123 ― 456", "en"),
        ("The singer 김미래 landed in Seoul. (연합뉴스)", "en"),
        ("김 수출이 10월에 10% 늘었다.", "ko"),
        ("[코리아헤럴드=김미래 기자] LG와 SK가 AI 반도체 협력을 발표했다.", "ko"),
        ("Exports of laver rose 10 percent in October. 김 수출이 10월에 10% 늘었다.", "en"),
    ],
)
def test_a_story_is_korean_when_its_letters_are(text: str, expected: str) -> None:
    assert language(text) == expected


@given(st.text())
def test_every_text_has_a_language(text: str) -> None:
    assert language(text) in {"en", "ko"}

"""Captions and their credits, headlines and their tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.site.credits import bracket_tag, split_credit


@pytest.mark.parametrize(
    ("caption", "text", "credit"),
    [
        ("A North Korean flag (AFP-Yonhap)", "A North Korean flag", "AFP-Yonhap"),
        ("(Yonhap)", None, "Yonhap"),
        ("(Yonhap)\xa0", None, "Yonhap"),
        ("Yonhap", None, "Yonhap"),
        ("A flag. [Yonhap]", "A flag.", "Yonhap"),
        ("A flag (Yonhap).", "A flag", "Yonhap"),
        ("A flag. (연합뉴스)", "A flag.", "연합뉴스"),
        ("A flag.(Han Sol/The Korea Herald) |", "A flag.", "Han Sol/The Korea Herald"),
        ("(Han Sol / The  Korea Herald)", None, "Han Sol / The Korea Herald"),
        ("A flag (Yonhap) A flag (Yonhap)", "A flag", "Yonhap"),
        ("A flag (Yonhap)A flag (Yonhap)", "A flag", "Yonhap"),
        ("A flag. (Yonhap) (Yonhap)", "A flag.", "Yonhap"),
        ("A flag / Yonhap", "A flag", "Yonhap"),
        ("SNOW -- The mayor (center). (LG Group)", "SNOW -- The mayor (center).", "LG Group"),
        ("A scene from “Laver” (Blue House Theater)", "A scene from “Laver”", "Blue House Theater"),
        ("The singer (YouTube “Laver Style”)", "The singer", "YouTube “Laver Style”"),
        ("A flag (McDonald's website)", "A flag", "McDonald's website"),
        ("A flag (123rf)", "A flag", "123rf"),
        ("A flag (tvN)", "A flag", "tvN"),
        ("A flag (20th Century Studios)", "A flag", "20th Century Studios"),
        ("A flag (@seoul_zoo)", "A flag", "@seoul_zoo"),
        ("(Getty Images)", None, "Getty Images"),
        ("A flag (Korea (Seoul) Office)", "A flag", "Korea (Seoul) Office"),
        ("Photo by Kim Mi-rae", None, "Kim Mi-rae"),
        ("Photos by The Korea Herald and Yonhap", None, "The Korea Herald and Yonhap"),
        ("A flag. Photo by Kim Mi-rae", "A flag.", "Kim Mi-rae"),
        ("A flag (Photo: Kim Mi-rae)", "A flag", "Kim Mi-rae"),
        ("A flag (사진=연합뉴스)", "A flag", "연합뉴스"),
        ("Courtesy of Laver Lab", None, "Courtesy of Laver Lab"),
        ("A flag (Courtesy of Laver Lab)", "A flag", "Courtesy of Laver Lab"),
        ("A flag. Photo courtesy of Laver Lab", "A flag.", "Courtesy of Laver Lab"),
        ("A flag (provided by Laver Lab)", "A flag", "provided by Laver Lab"),
    ],
)  # fmt: skip
def test_a_credit_is_parted_from_its_caption(caption: str, text: str | None, credit: str) -> None:
    assert split_credit(caption) == (text, credit)


@pytest.mark.parametrize(
    "caption",
    [
        "The mayor (center)",
        "The mayor (right)",
        "(left)",
        "The mayor (left) and the premier (second from left)",
        "The mayor (10th from left, front row)",
        "The mayor (가운데)",
        "A ticket (1,234 won)",
        "A prize ($2 billion)",
        "A flag (2018)",
        "A poet (1872-1945)",
        "A flag (May 5)",
        "A flag (Nov. 2017)",
        "A child (10 years old)",
        "A flag (which was torn)",
        "The Korea Baseball Organization (KBO)",
        "The senators are Jane Doe (Ohio) and John Roe (Kansas).",
        "A flag",
        "Photography is an art.",
    ],
)
def test_other_brackets_stay_in_the_caption(caption: str) -> None:
    assert split_credit(caption) == (caption, None)


def test_an_empty_caption_is_none() -> None:
    assert split_credit("") == (None, None)
    assert split_credit(" \xa0|") == (None, None)


@given(
    st.sampled_from(["A flag flies.", "The mayor (left) waves", "A scene from “Laver”"]),
    st.sampled_from(["Yonhap", "AP-Yonhap", "Kim Mi-rae/The Korea Herald", "LG Group", "123rf"]),
    st.sampled_from(["({})", "[{}]", "( {} )", "({})\xa0"]),
    st.sampled_from([" ", "", "\xa0", "\n"]),
)
def test_generated_captions_are_parted(text: str, credit: str, form: str, gap: str) -> None:
    caption = text + gap + form.format(credit)
    assert split_credit(caption) == (text, credit)
    assert split_credit(f"{caption} {caption}") == (text, credit)
    assert split_credit(form.format(credit)) == (None, credit)


@given(st.text())
def test_a_caption_without_a_credit_loses_only_white_space(text: str) -> None:
    caption, credit = split_credit(f"{text} flag")
    assert credit is None
    assert caption
    assert caption.endswith("flag")


@pytest.mark.parametrize(
    ("headline", "tag"),
    [
        ("[Herald Interview] Laver at its best", "Herald Interview"),
        ("[Photo News]Snow", "Photo News"),
        ("[ Graphic News ] Snow", "Graphic News"),
        ("(Photo News) Snow", "Photo News"),
        ("[단독] 김 수출이 늘었다", "단독"),
        ("[KH Explains] Why laver", "KH Explains"),
        ("[Kim Mi-rae] On laver", "Kim Mi-rae"),
        ("[REPORTER’S COLUMN] On laver", "REPORTER’S COLUMN"),
        ("[IFA 2017] Screens", "IFA 2017"),
        ("(LEAD) [Editorial] On laver", "Editorial"),
        ("(LEAD) Exports rise", None),
        ("(2nd LD) Exports rise", None),
        ("(URGENT) Exports rise", None),
        ("[9:27 p.m.] The motorcade arrives", None),
        ("(almost) everyone likes laver", None),
        ("Exports rise [Graphic News]", None),
        ("[] Exports rise", None),
        ("[Exports rise", None),
        ("", None),
    ],
)
def test_only_the_tag_that_opens_a_headline_counts(headline: str, tag: str | None) -> None:
    assert bracket_tag(headline) == tag

"""Signatures, and how they find what is alike."""

from __future__ import annotations

from random import Random

from heraldcrawl.duplicates.signature import sign
from heraldcrawl.duplicates.text import Text
from tests.duplicates.language import Writer

BODY = "The ferry to the island sails again. " * 8 + "It had been laid up since a storm in May."


def distance(one: Text, other: Text) -> int:
    """How many bits differ, as ``similar_signatures`` counts them."""
    bits = [int((sign(text).bits or "x0")[1:], 16) for text in (one, other)]
    return (bits[0] ^ bits[1]).bit_count()


def test_a_signature_is_the_same_in_every_version() -> None:
    """Others find nothing that is stored: a change needs a migration that has all computed anew."""
    assert sign(Text("The ferry to the island sails again, twice a day.")).bands == [-383249905]
    signature = sign(Text(BODY))
    assert signature.words == 66
    assert signature.bits is not None
    assert signature.bits[:17] == "x3384f03cfb263dab"
    assert signature.bands[:3] == [-588743045, -1289811491, 815758051]
    assert signature.bands[-1] == 1360353633


def test_a_text_without_words_is_found_by_nothing() -> None:
    assert sign(Text("(Yonhap)", "hash")).bands == []


def test_a_short_text_is_found_by_the_same_words_only() -> None:
    text = "The ferry to the island sails again, twice a day."
    assert sign(Text(text, "one")) == sign(Text(text.upper(), "other"))
    assert sign(Text(text)).bands != sign(Text(f"{text} So it is.")).bands
    assert sign(Text("See below.", "one")).bands != sign(Text("See below.", "other")).bands


def test_the_bits_tell_how_much_two_texts_share() -> None:
    writer = Writer(Random(3))
    sentences = [writer.sentence() for _ in range(30)]
    whole = Text(" ".join(sentences))
    most = Text(" ".join(sentences[:24]))
    half = Text(" ".join(sentences[:15]))
    unlike = Text(Writer(Random(4)).paragraph(30))
    assert distance(whole, whole) == 0
    assert 20 < distance(whole, most) < 95
    assert distance(whole, most) < distance(whole, half) < 190 < distance(whole, unlike)

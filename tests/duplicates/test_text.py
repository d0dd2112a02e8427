"""What two stories' texts have in common."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.duplicates.text import NEAR_WORDS, TELLING_WORDS, Text, likeness
from tests.duplicates.language import Writer
from tests.site.sample.stories import World

#: Texts that are alike in any way: cut, doubled, shuffled.
WORDS = Writer(Random(1)).paragraph(16).split()
TEXTS = st.lists(st.sampled_from(WORDS), max_size=90).map(" ".join) | st.tuples(
    st.integers(0, len(WORDS)), st.integers(0, len(WORDS))
).map(lambda cut: " ".join(WORDS[min(cut) : max(cut)]))


def body(sentences: int = 12, seed: int = 1) -> str:
    return Writer(Random(seed)).paragraph(sentences)


def test_print_dateline_and_credits_do_not_count() -> None:
    plain = Text("Exports of laver rose 1.5 percent, to 2,000 tons.")
    for other in (
        "SEOUL (Yonhap) -- Exports of laver rose 1.5 percent, to 2,000 tons. (Yonhap)",
        "Exports of “laver” rose\n\n1.5 percent to 2,000 tons",
        "EXPORTS OF LAVER ROSE 1.5 PERCENT TO 2,000 TONS\n\nBy Kim Mi-rae (mirae@heraldcorp.com)",
        "[코리아헤럴드=김미래 기자] Exports of laver rose 1.5 percent, to 2,000 tons.",
    ):
        assert Text(other).words == plain.words


def test_a_text_that_only_signs_has_no_words() -> None:
    for credit in ("", "\n", "(Yonhap)", "By Kim Mi-rae (mirae@heraldcorp.com)", "By Korea Herald"):
        assert Text(credit, "hash").words == []
        assert likeness(Text(credit, "hash"), Text(credit, "hash")) is None


def test_few_words_need_headline_and_captions_to_tell_them() -> None:
    few = "See the pictures below."
    assert likeness(Text(few, "one"), Text(few, "one")) == (1, 1)
    assert likeness(Text(few, "one"), Text(few, "other")) is None
    some = "The ferry to the island sails again, twice a day, on weekdays."
    assert TELLING_WORDS <= len(Text(some).words) < NEAR_WORDS
    assert likeness(Text(some, "one"), Text(some, "other")) == (1, 1)
    assert likeness(Text(some), Text(f"{some} At last.")) is None


def test_what_is_cut_or_appended_shows_in_the_shares() -> None:
    whole = body(16)
    words = whole.split()
    part = " ".join(words[: len(words) * 3 // 4])
    shorter = likeness(Text(part), Text(whole))
    assert shorter is not None
    assert shorter.of_one == 1
    assert 0.7 < shorter.of_other < 0.8
    assert likeness(Text(" ".join(words[: len(words) // 2])), Text(whole)) is None


def test_the_same_report_with_other_figures_is_another() -> None:
    rest = body(8)
    one, other = (
        Text(f"On {day} the missile flew {far} km at {high} km from {hour} a.m., it said. {rest}")
        for day, far, high, hour in (("Monday", 450, 97, 7), ("Thursday", 390, 61, 9))
    )
    assert likeness(one, other) is None
    assert likeness(one, Text(" ".join(one.words).replace("450", "460"))) is not None


@given(TEXTS, TEXTS)
def test_likeness_is_mutual(one: str, other: str) -> None:
    found, back = likeness(Text(one), Text(other)), likeness(Text(other), Text(one))
    assert (found is None) == (back is None)
    if found and back:
        assert found == (back.of_other, back.of_one)
        assert all(0.6 <= share <= 1 for share in found)


@given(TEXTS)
def test_every_text_that_says_something_is_like_itself(text: str) -> None:
    read = Text(text, "hash")
    assert likeness(read, read) == ((1, 1) if read.words else None)


def test_stories_of_the_sample_site_on_one_event_are_no_copies() -> None:
    world = World(seed=5)
    stories = [world.story(n) for n in range(1, 400)]
    texts = {story.n: Text("\n\n".join(story.paragraphs)) for story in stories}
    for story in stories:
        if story.repost_of and texts[story.n].is_long:
            assert likeness(texts[story.n], texts[story.repost_of]), story.form
    first = {story.n: story.repost_of or story.n for story in stories}
    groups = {n: first.get(original, original) for n, original in first.items()}
    english = [s.n for s in stories if s.language == "en" and texts[s.n].is_long][:150]
    for one in english:
        for other in english:
            if groups[one] != groups[other]:
                assert likeness(texts[one], texts[other]) is None

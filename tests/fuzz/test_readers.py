"""The short run of the fuzzer, without it: every reader on the seeds, and on damaged seeds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.readers import READERS, read_any, seeds

SEEDS = list(seeds())


def test_every_reader_has_a_seed() -> None:
    assert {seed[:1] for seed in SEEDS} == set(READERS)


@pytest.mark.parametrize("reader", READERS, ids=bytes.decode)
def test_any_seed_is_read_by_any_reader(reader: bytes) -> None:
    for seed in SEEDS:
        read_any(reader + seed[1:])


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(sorted(READERS)), st.binary(max_size=500))
def test_any_bytes_are_read_or_refused(reader: bytes, body: bytes) -> None:
    read_any(reader + body)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(SEEDS), st.data())
def test_a_damaged_seed_is_read_or_refused(seed: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(1, len(seed)))
    end = data.draw(st.integers(start, min(len(seed), start + 60)))
    read_any(seed[:start] + data.draw(st.binary(max_size=30)) + seed[end:])

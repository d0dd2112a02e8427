"""Look for inputs that break a reader, led by coverage.

    python -m tests.fuzz [SECONDS [OPTION OF LIBFUZZER]...]

It runs for a minute, or so many seconds, and keeps what it learned in ``build/fuzz/corpus``. An
input that raises, or takes more than ten seconds or 2 GB, ends it with exit status 77 and is kept
in ``build/fuzz``; replay it with ``python -m tests.fuzz 0 FILE``.
"""

from __future__ import annotations

import importlib
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

DEFAULT_SECONDS: Final = "60"
FOLDER: Final = Path("build/fuzz")


def main(seconds: str = DEFAULT_SECONDS, *options: str) -> None:
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        sys.exit("atheris is missing: pip install atheris (it has wheels for Linux on x86-64)")
    with atheris.instrument_imports(include=["heraldcrawl"]):
        readers = importlib.import_module("tests.fuzz.readers")
    corpus = FOLDER / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in readers.seeds():
        (corpus / sha256(seed).hexdigest()).write_bytes(seed)
    bounds = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=20000"]
    places = [f"-artifact_prefix={FOLDER}/", *(options or [str(corpus)])]
    atheris.Setup([sys.argv[0], *bounds, *places], readers.read_any)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A small newspaper of invented news, in the reconstructed markup of every era of the site.

``python -m tests.site.sample serve`` serves it, ``… warc FILE`` writes it down. In tests::

    site = Site(stories=150)
    with serve(site) as server:
        ...  # crawl server.root
    assert records == site.truths(NORTH_KOREA)
"""

from tests.site.sample.menu import NORTH_KOREA
from tests.site.sample.server import Server, serve
from tests.site.sample.site import ERAS, Answer, Fault, Site
from tests.site.sample.stories import Story, expected
from tests.site.sample.warc import write_warc

__all__ = [
    "ERAS",
    "NORTH_KOREA",
    "Answer",
    "Fault",
    "Server",
    "Site",
    "Story",
    "expected",
    "serve",
    "write_warc",
]

"""The numbers of a run that ends, where the database hangs."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import psycopg
import pytest
from scrapy import Spider
from scrapy.utils.test import get_crawler

from heraldcrawl.extensions.metrics import Metrics
from heraldcrawl.reading.archive import limited
from tests.crash.proxy import proxy

if TYPE_CHECKING:
    from pathlib import Path


def test_a_table_that_is_locked_holds_up_no_run(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = {
        "DATABASE_URL": database_url,
        "DATABASE_SILENCE_SECONDS": 0.2,
        "METRICS_TEXTFILE": str(tmp_path),
    }
    crawler = get_crawler(Spider, settings)
    crawler.spider = Spider("kpop")
    metrics = Metrics.from_crawler(crawler)
    with psycopg.connect(database_url) as other, caplog.at_level(logging.WARNING):
        other.execute("SET idle_in_transaction_session_timeout = '30s'")  # else this would hang
        other.execute("LOCK TABLE totals IN ACCESS EXCLUSIVE MODE")
        asyncio.run(metrics.run_finished())
    assert "No metrics of this run were written" in caplog.text
    assert list(tmp_path.iterdir()) == []
    asyncio.run(metrics.run_finished())
    assert [file.name for file in tmp_path.iterdir()] == ["heraldcrawl_kpop.prom"]


def test_a_network_that_swallows_answers_is_cut(database_url: str) -> None:
    with proxy(database_url) as between:
        connection = psycopg.connect(between.url)
        with limited(connection, 0.1):
            between.swallow()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT pg_sleep(0.05)")
        connection.close()

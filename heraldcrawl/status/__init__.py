"""How the crawls are doing, as ``scrapy status`` tells it: as text, and as JSON."""

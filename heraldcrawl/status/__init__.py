"""How the crawls are doing, for the operator: what ``scrapy status`` prints, as text and as JSON."""

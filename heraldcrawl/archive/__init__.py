"""Pages kept as WARC files: answering requests from them."""

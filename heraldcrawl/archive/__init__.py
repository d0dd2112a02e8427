"""The page archive: WARC files written, read, replayed and kept in order."""

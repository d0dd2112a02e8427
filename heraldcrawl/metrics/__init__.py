"""Numbers for Prometheus: served from the database, or written to a file when a run ends."""

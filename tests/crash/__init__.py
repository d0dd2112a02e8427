"""Crawls that are killed, cut off and starved, with real processes, servers and file systems."""

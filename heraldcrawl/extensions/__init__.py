"""What accompanies a crawl: its database, its progress."""

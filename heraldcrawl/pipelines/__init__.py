"""What a story passes on its way from the page into the archive."""

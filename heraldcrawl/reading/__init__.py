"""What readers do with the archive: export it, look into a story's history, search."""

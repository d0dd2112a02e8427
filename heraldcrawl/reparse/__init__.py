"""Reading archived pages again: with today's readers, or from archives that others have made."""

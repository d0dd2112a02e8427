"""Is this installation sound? Each module looks at a part, and says what to do."""

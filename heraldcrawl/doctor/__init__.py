"""Is this installation sound? Each module looks at one part, and says what to do where it is not."""

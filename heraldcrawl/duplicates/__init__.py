"""What makes a story the copy of another: its text alone, in the same words or nearly so.

Signatures find what may be a copy in a large archive (:mod:`.signature`), the two texts decide
(:mod:`.text`), and the earliest story of a group is its original (:mod:`.groups`).
"""

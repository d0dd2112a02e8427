-- Pages are read again, by another heraldcrawl than the one that fetched them.

ALTER TABLE revisions ADD COLUMN reader text; -- the heraldcrawl that read the page; null: unknown
COMMENT ON COLUMN revisions.reason IS
    'first: the story was new; changed: its text changed; reparse: the same page was read otherwise';

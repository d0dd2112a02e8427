"""List pages: the stories a section, reporter, series or search page lists, newest first.

Every year's list is recognised by its frame, the one element that is known for sure; whatever
else stands on the page (most popular, latest, headlines) is outside it. A page without a known
frame is read by what all lists have in common: a block of story links, each with its own date.
"""

from heraldcrawl.site.lists.reader import read_list
from heraldcrawl.site.lists.values import ListEntry, ListPage, NoEntries

__all__ = ["ListEntry", "ListPage", "NoEntries", "read_list"]

"""The archive in PostgreSQL: the server, the schema and its migrations, the queries, the store."""

from heraldcrawl.store.identity import Visit
from heraldcrawl.store.migrate import migrate
from heraldcrawl.store.records import Lease, Listed, Outcome, Walk
from heraldcrawl.store.store import Store

__all__ = ["Lease", "Listed", "Outcome", "Store", "Visit", "Walk", "migrate"]

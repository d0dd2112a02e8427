"""The Korea Herald as a complete, exact and lasting archive in PostgreSQL."""

__version__ = "0.1.0"

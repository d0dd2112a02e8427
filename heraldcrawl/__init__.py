"""The Korea Herald as a complete, exact and lasting archive in PostgreSQL."""

"""PostgreSQL: the only database. Queries live beside the operation that owns them."""

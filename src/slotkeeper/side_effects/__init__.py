"""What happens after a change: one file, one effect; after.py is the table."""

"""A queue's row stands for its line: who takes a turn or edits the queue locks it (docs/decisions/0061)."""

LOCK_QUEUE = "SELECT FROM queues WHERE company_id = %(company_id)s AND id = %(queue_id)s FOR UPDATE"
"""After a meeting type's row, before its hosts' calendars."""

"""Durable work: a job is a row, inserted with what it follows from."""

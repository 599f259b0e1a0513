"""May this time be booked? Pure: integer Unix seconds, half-open intervals, IANA zones."""

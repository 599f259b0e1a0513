"""CalDAV (RFC 4791), for every provider that speaks it."""

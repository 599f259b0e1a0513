"""Appointment -> text/calendar (RFC 5545, iTIP of RFC 5546). Pure."""

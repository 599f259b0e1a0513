"""The plain values that every layer speaks of: frozen, without I/O, decoded straight from the database's JSON.

Instants are aware datetimes in UTC; zones are IANA names; durations and buffers are minutes, as in the API.
"""

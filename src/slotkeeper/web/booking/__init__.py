"""The page behind a meeting type's ``bookingUrl``: choose a time, say who you are, and it is booked."""

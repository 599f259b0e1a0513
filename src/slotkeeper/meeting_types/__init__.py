"""What can be booked: meeting types, their templates, and links that book one once."""

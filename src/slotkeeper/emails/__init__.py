"""Messages to people: rendered in their language and zone (pure), sent with the ICS as iMIP (RFC 6047)."""

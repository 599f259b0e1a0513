"""A company's link key, from which the secrets in mailed links derive."""

# PostgreSQL breaks base64 into lines of 76 characters (RFC 2045), which a JSON decoder's base64 (RFC 4648) refuses.
LINK_KEY_JSON = "translate(encode(c.link_key, 'base64'), E'\\n', '')"
"""Still encrypted; expects the alias ``c`` (companies)."""

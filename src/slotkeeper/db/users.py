"""How a user is shown where somebody else's data names them."""

USER_SUMMARY_JSON = """json_build_object(
    'id', u.id, 'givenName', u.given_name, 'familyName', u.family_name, 'slug', u.slug, 'userType', u.user_type,
    'picture', u.picture
)"""
"""A ``UserSummary``. Expects ``u`` (users)."""

"""Companies, their users, and the credentials that act for them."""

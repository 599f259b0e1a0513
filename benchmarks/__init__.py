"""Each benchmark beside its floor, in one run."""

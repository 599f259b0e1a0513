"""Public booking pages of other schedulers: what is bookable there becomes meeting types here."""

"""What can be done with an appointment: one file per operation, and the pure rules beside them."""

"""Other times that one side of an appointment offers to the other; nothing changes until one is accepted."""

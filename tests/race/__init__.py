"""Many moves at the same time onto one free time, against one and two server processes: one winner, the rest 409."""

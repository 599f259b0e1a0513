"""When users work: weekly schedules, exceptions to them, public holidays."""

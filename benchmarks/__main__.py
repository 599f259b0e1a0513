"""``make bench``: every benchmark beside its floor, in one run. Ratios count; absolute times are this machine's."""

from benchmarks import drain, free_slots, reschedule, slot_predicate

for benchmark in (slot_predicate, free_slots, reschedule, drain):
    benchmark.main()

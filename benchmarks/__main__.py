"""``make bench``: every benchmark beside its floor, in one run. Ratios count; absolute times are this machine's."""

from benchmarks import drain, reschedule, slot_predicate

for benchmark in (slot_predicate, reschedule, drain):
    benchmark.main()

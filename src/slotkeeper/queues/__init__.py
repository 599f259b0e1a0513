"""Queues as people set them up: members, capacities, priorities, groups."""

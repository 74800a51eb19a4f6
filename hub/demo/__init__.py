"""The demonstration: invented sites and people, a handful of rooms, and a night case that plays.

Loopback only. Every name is invented, every patient is called TEST, every picture is synthetic or
comes with pydicom.
"""

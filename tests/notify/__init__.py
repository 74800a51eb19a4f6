"""Reaching people: real receivers on loopback, and what they got."""

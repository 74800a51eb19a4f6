"""Measures the hub, and others doing the same work in the same run. Not part of the wheel."""

"""Tests of the pure on-call domain."""

"""Tests of the pure domain: fast, without a clock, a disk or a network."""

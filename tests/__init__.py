"""The tests, mirroring the source; `kit` holds their tools."""

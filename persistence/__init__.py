"""The store: entries with JSON bodies, chained and kept for ever. Knows nothing of radiology."""

"""The store: its writer, its failures, its proof."""

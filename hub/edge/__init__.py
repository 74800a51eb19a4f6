"""The edge: where the network meets the hub."""

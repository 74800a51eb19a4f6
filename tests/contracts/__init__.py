"""The guarantees of the ports, on every adapter."""

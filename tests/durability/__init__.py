"""Short rounds of what `make soak` does at length."""

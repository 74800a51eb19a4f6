"""Load tools that ship with the hub: rooms to load it with, and a lean client that does it."""

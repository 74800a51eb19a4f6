"""How nodes tell each other that a room moved: hints, never the truth (W-20)."""

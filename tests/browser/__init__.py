"""Real browsers on a real hub: what three people see while they play a case."""

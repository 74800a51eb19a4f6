"""Servers of others doing workload W1, each as its own documentation has it."""

"""The pure domain: what an exam room is, who may do what in it, and what follows.

Standard library only; time and identity are arguments. Read in this order: roles, stages,
commands, events, room, decide, evolve.
"""

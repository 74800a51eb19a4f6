"""The pure domain: what an exam room is, who may do what in it, and what follows.

Standard library only; time and identity are arguments. Read in this order: roles, stages,
permissions, commands, events, room; then decide (with scene, facts and the modules it names),
evolve (folds), clocks and deadlines; then safety, protocol and visibility.
"""

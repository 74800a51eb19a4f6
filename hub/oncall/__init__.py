"""Who is on call, and who is rung when: lines, shifts, escalation, as data and pure functions.

Standard library only, as `hub.room`: no I/O, no clock, no chance. `hub.room` folds what is rung
from its journal; the shell brings the rota, the policies and the time.
"""

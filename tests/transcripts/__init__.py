"""Golden transcripts: whole cases as `evt` frames with the states they fold to.

Written by `python -m tests.transcripts.make`; folded by Python and TypeScript alike.
"""

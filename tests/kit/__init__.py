"""The tools of the tests: a real hub, an independent client, a bad link, and a judge of histories.

Nothing here imports the product: what these tools know stands in the wire contract.
"""

"""`python -m hub` is `examroom`."""

from hub.cli import main

main()

"""Tests of the shell around the domain: no sockets, no disk, and no time but the test's own."""

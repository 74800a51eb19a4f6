"""Identity, embedded: accounts, sessions, tickets, bearer tokens, and what they may enter."""

from hub.edge.identity.directory import Directory
from hub.edge.identity.identity import Denied, Identity
from hub.edge.identity.passwords import Passwords
from hub.edge.identity.principal import Principal
from hub.edge.identity.throttle import LoginThrottle
from hub.edge.identity.tickets import MemoryTickets, TicketRefused, Tickets

__all__ = [
    "Denied",
    "Directory",
    "Identity",
    "LoginThrottle",
    "MemoryTickets",
    "Passwords",
    "Principal",
    "TicketRefused",
    "Tickets",
]

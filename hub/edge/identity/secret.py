"""Secrets of sessions, tokens and tickets: 256 random bits, kept by their SHA-256 only.

The hash needs no salt and no stretching: nobody guesses 256 bits.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from hub.clock import rfc3339
from persistence.credentials import Credential


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def session(
    person: str, role: str, site: str, *, now: datetime, hours: float, label: str = ""
) -> tuple[str, Credential]:
    """A new login session: the secret for the cookie, and what is kept."""
    secret = secrets.token_urlsafe(32)
    return secret, Credential(
        id=f"s_{secrets.token_hex(12)}",
        secret_hash=digest(secret),
        bot=False,
        person=person,
        role=role,
        site=site,
        created=rfc3339(now),
        expires=rfc3339(now + timedelta(hours=hours)),
        label=label[:200],
    )


def token(
    person: str,
    role: str,
    site: str,
    *,
    now: datetime,
    days: float | None = None,
    label: str = "",
    scopes: str = "",
) -> tuple[str, Credential]:
    """A new bearer token: the secret, to be shown once, and what is kept."""
    secret = f"xr_{secrets.token_urlsafe(32)}"
    return secret, Credential(
        id=f"t_{secrets.token_hex(12)}",
        secret_hash=digest(secret),
        bot=True,
        person=person,
        role=role,
        site=site,
        created=rfc3339(now),
        scopes=scopes,
        expires=rfc3339(now + timedelta(days=days)) if days is not None else "",
        label=label[:200],
    )

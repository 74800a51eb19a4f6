"""The settings of the hub: one frozen object, read once, each also `EXAMROOM_…` as variable."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may set. The docs list every one (docs/operations.md)."""

    model_config = SettingsConfigDict(env_prefix="EXAMROOM_", frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 picks a free one")
    database: str = Field("", description="sqlite:///… ; empty: sqlite:///DATA/examroom.db")
    bus: str = Field("memory://", description="memory:// for one process")
    data: Path = Field(Path("data"), description="folder of the database, images and keys")
    socket: Literal["own", "asgi"] = Field(
        "own", description="own: the fast socket in uvicorn; asgi: any ASGI server's, slower"
    )
    workers: int = Field(1, ge=1, description="processes; more than one needs a shared bus")
    origins: str = Field("", description="extra allowed origins, comma separated (behind a proxy)")
    trust_proxy: bool = Field(False, description="believe X-Forwarded-For and -Proto")
    phone: str = Field("", description="number shown when nothing can be transmitted")
    heartbeat_ms: int = Field(10_000, ge=200, description="W-14, between two hb frames")
    hello_timeout_s: float = Field(5.0, gt=0, description="W-2")
    stall_timeout_s: float = Field(30.0, gt=0, description="W-17, without progress")
    store_timeout_s: float = Field(1.5, gt=0, description="W-19, until a pub is answered 503")
    revocation_s: float = Field(0.5, gt=0, description="W-22, between two checks of open sockets")
    lease_s: float = Field(
        180.0, ge=0, description="until a claim lapses whose holder vanished; 0: never"
    )
    session_hours: float = Field(14.0, gt=0, description="life of a login session")
    rate_per_s: float = Field(20.0, gt=0, description="W-18, acts per person and second")
    rate_burst: int = Field(60, ge=1, description="W-18, acts in one burst")
    flood_refusals: int = Field(
        5000, ge=1, description="W-18, refusals of one socket in a row before it is closed, 4105"
    )
    push_key: str = Field("", description="file of the VAPID key; empty: DATA/keys/vapid.pem")
    push_contact: str = Field(
        "mailto:admin@localhost", description="mailto: or https: by which push services reach you"
    )
    push_hosts: str = Field(
        "fcm.googleapis.com,updates.push.services.mozilla.com,.push.apple.com,.notify.windows.com",
        description="push services that may be asked; a leading dot stands for subdomains",
    )
    notify_email: str = Field("", repr=False, description="Apprise URL of the mail server, {to}")
    notify_sms: str = Field("", repr=False, description="Apprise URL of the SMS gateway, {to}")
    notify_webhook: str = Field("", repr=False, description="https address that alerts go to")
    notify_webhook_secret: str = Field("", repr=False, description="whsec_… of Standard Webhooks")
    notify_grace_s: float = Field(
        5.0, ge=0, description="who sees an event on a screen within this is not alerted"
    )
    notify_timeout_s: float = Field(10.0, gt=0, le=60, description="for one attempt")
    notify_loopback: bool = Field(
        False, description="push and webhook to this machine too: for tests and the demo"
    )
    log_level: str = Field("info", description="debug, info, warning or error")
    log_json: bool = Field(False, description="structured logs as JSON lines")

    @property
    def database_url(self) -> str:
        """The database, with its default filled in."""
        return self.database or f"sqlite:///{self.data / 'examroom.db'}"

    @property
    def push_key_file(self) -> Path:
        """The VAPID key, with its default filled in."""
        return Path(self.push_key) if self.push_key else self.data / "keys" / "vapid.pem"


def mistakes(bad: ValueError) -> list[str]:
    """Each variable that could not be taken and what is asked of it; values are never told."""
    if not isinstance(bad, ValidationError):
        return [str(bad)]
    named = [
        ("_".join(map(str, one["loc"])).upper().removeprefix("EXAMROOM_"), one["msg"])
        for one in bad.errors(include_input=False, include_url=False)
    ]
    return [f"EXAMROOM_{name}: {message}" for name, message in named]

"""What is answered to a frame that cannot be taken."""

from hub.wire.errors import Err, err
from hub.wire.frames import BadFrame, ClientFrame


def reference(frame: ClientFrame) -> str | None:
    """The id that an answer to `frame` names."""
    re = getattr(frame, "cid", None) or getattr(frame, "re", None)
    return re if isinstance(re, str) else None


def said_hello() -> Err:
    """A second `hello` on one socket."""
    return Err(
        "bad_frame",
        "Trame « hello » déjà reçue : continuez avec « join ».",
        "“hello” was said already: go on with “join”.",
    )


def explained(bad: BadFrame) -> Err:
    """The refusal of a frame that could not be read."""
    plain = err(bad.slug)
    return Err(bad.slug, f"{plain.fr} ({bad.problem})", f"{plain.en} ({bad.problem})")

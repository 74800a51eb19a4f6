"""Why a person may not: the refusals of the domain, each with its slug of wire.md section 5."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that the room does not accept. Nothing was stored.

    `slug` is one of wire.md section 5. `detail_fr` and `detail_en` are one sentence each for a
    person, saying what to do next, and hold no patient data. `seq` is the current seq of the room
    where the refusal is about what came in between (`stale_after`).
    """

    slug: str
    detail_fr: str
    detail_en: str
    seq: int | None = None

    @property
    def detail(self) -> str:
        """Both sentences, French first."""
        return f"{self.detail_fr} / {self.detail_en}"

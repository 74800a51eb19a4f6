"""The codes of the wire: every slug with its status, and every close code with what to do.

wire.md section 5. The slug is the identity; the sentence says what to do, in French and English,
and never holds patient data.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Fault:
    """A slug: its HTTP status, whether the same act may succeed later, and its default words."""

    status: int
    retry: bool
    fr: str
    en: str


FAULTS: dict[str, Fault] = {
    "bad_frame": Fault(
        400,
        False,
        "Trame illisible : envoyez un objet JSON avec les champs attendus.",
        "Unreadable frame: send a JSON object with the expected fields.",
    ),
    "unknown_frame": Fault(
        400,
        False,
        "Type de trame inconnu : voyez la liste des trames du protocole.",
        "Unknown frame type: see the protocol's list of frames.",
    ),
    "unknown_kind": Fault(
        400,
        False,
        "Type d'acte inconnu : voyez la liste des actes du protocole.",
        "Unknown kind: see the protocol's list of kinds.",
    ),
    "bad_body": Fault(
        400,
        False,
        "Contenu refusé : corrigez le champ nommé puis renvoyez.",
        "Body refused: correct the field that is named, then send again.",
    ),
    "not_authenticated": Fault(
        401,
        False,
        "Identifiez-vous d'abord, puis recommencez.",
        "Sign in first, then try again.",
    ),
    "ticket_used": Fault(
        401,
        False,
        "Ticket déjà utilisé ou expiré : demandez-en un nouveau.",
        "Ticket already used or expired: ask for a new one.",
    ),
    "forbidden": Fault(
        403,
        False,
        "Vous n'êtes pas membre de cette salle : demandez à y être invité.",
        "You are not a member of this room: ask to be invited.",
    ),
    "wrong_role": Fault(
        403,
        False,
        "Votre rôle ne permet pas cet acte : demandez à la personne qui en a la charge.",
        "Your role does not allow this act: ask the person in charge of it.",
    ),
    "no_room": Fault(
        404,
        False,
        "Salle introuvable : vérifiez l'adresse ou ouvrez-la depuis la liste.",
        "No such room: check the address or open it from the worklist.",
    ),
    "not_found": Fault(
        404,
        False,
        "Rien à cette adresse : vérifiez-la.",
        "Nothing at this address: check it.",
    ),
    "method_not_allowed": Fault(
        405,
        False,
        "Méthode non permise à cette adresse.",
        "Method not allowed at this address.",
    ),
    "cid_reuse": Fault(
        409,
        False,
        "Identifiant déjà pris par un autre contenu : renvoyez avec un nouvel identifiant.",
        "This cid was used for another body: send again with a new one.",
    ),
    "wrong_stage": Fault(
        409,
        False,
        "Cet acte n'est pas possible à cette étape de l'examen.",
        "This act is not possible at this stage of the exam.",
    ),
    "already_claimed": Fault(
        409,
        False,
        "L'examen est déjà pris en charge.",
        "The exam is already claimed.",
    ),
    "unknown_epoch": Fault(
        410,
        False,
        "La base a été restaurée : rejoignez la salle depuis le début.",
        "The database was restored: join the room from the beginning.",
    ),
    "stale_after": Fault(
        412,
        False,
        "Un autre acte est arrivé entre-temps : relisez la salle, puis recommencez.",
        "Another act came in between: read the room again, then retry.",
    ),
    "too_big": Fault(
        413,
        False,
        "Trop long : raccourcissez ou envoyez par référence.",
        "Too big: shorten it or send it by reference.",
    ),
    "ahead_of_server": Fault(
        416,
        False,
        "Vous avez plus que le serveur : renvoyez vos actes non confirmés.",
        "You have more than the server: offer your copies again.",
    ),
    "unsafe": Fault(
        422,
        False,
        "Règle de sécurité : confirmez avec un motif explicite ou modifiez.",
        "Safety rule: override with an explicit reason, or change it.",
    ),
    "rate_limited": Fault(
        429,
        True,
        "Trop d'actes à la suite : réessayez dans un instant.",
        "Too many acts at once: try again in a moment.",
    ),
    "storage_unavailable": Fault(
        503,
        True,
        "Non transmis : le stockage ne répond pas. Appelez par téléphone si c'est urgent.",
        "Not transmitted: the store does not answer. Phone if it is urgent.",
    ),
    "overloaded": Fault(
        503,
        True,
        "Serveur surchargé : réessayez dans un instant, téléphonez si c'est urgent.",
        "Server overloaded: try again in a moment, phone if it is urgent.",
    ),
    "draining": Fault(
        503,
        True,
        "Le serveur redémarre : reconnexion dans un instant.",
        "The server is restarting: reconnecting in a moment.",
    ),
}


class Close(IntEnum):
    """Close codes. 40xx: do not reconnect; 41xx: back off; 42xx: at once; 43xx: sign in first."""

    PROTOCOL = 4001
    BINARY = 4003
    FORBIDDEN = 4008
    REPLACED = 4009
    OVERLOADED = 4101
    TOO_SLOW = 4103
    RATE = 4105
    STORAGE = 4107
    DRAINING = 4201
    GAP = 4204
    EXPIRED = 4301
    REVOKED = 4302

    @property
    def slug(self) -> str:
        """Its word in `bye`."""
        return self.name.lower()

    @property
    def reconnect(self) -> str:
        """`never`, `backoff`, `now` or `reauth`, by its range."""
        return {40: "never", 41: "backoff", 42: "now", 43: "reauth"}[self // 100]


PICTURES: Final = {"no_image": 404, "bad_image": 422}
"""Codes of pictures with their status: an addition for HTTP, never in an `err` frame. Their words
go by the reason and stand with it (hub/imaging/problems.py)."""


@dataclass(frozen=True, slots=True)
class Err:
    """A refusal on its way to a client."""

    slug: str
    fr: str
    en: str
    retry_after_ms: int | None = None
    seq: int | None = None

    @property
    def status(self) -> int:
        """The HTTP status, and `code` of an `err` frame."""
        return FAULTS[self.slug].status

    @property
    def retry(self) -> bool:
        """Whether the same act may succeed later."""
        return FAULTS[self.slug].retry

    @property
    def detail(self) -> str:
        """Both sentences, French first."""
        return f"{self.fr} / {self.en}"


def err(slug: str, *, retry_after_ms: int | None = None, seq: int | None = None) -> Err:
    """The refusal `slug` in its default words."""
    fault = FAULTS[slug]
    return Err(slug, fault.fr, fault.en, retry_after_ms, seq)


def bad_body(field: str, problem: str) -> Err:
    """`bad_body` naming the field and what is asked of it, never its value."""
    return Err(
        "bad_body",
        f"Champ « {field} » refusé ({problem}) : corrigez puis renvoyez.",
        f"Field “{field}” refused ({problem}): correct it, then send again.",
    )

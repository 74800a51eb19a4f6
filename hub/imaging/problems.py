"""Why a picture cannot be had: every reason once, with its status and its two sentences."""

from dataclasses import dataclass
from typing import Final

_REASONS: Final[dict[str, tuple[str, int, str, str]]] = {
    "unknown": (
        "no_image",
        404,
        "Aucune image de ce nom dans cette salle : vérifiez la référence, ou attendez l'envoi",
        "No image of that name in this room: check the reference, or wait until it has arrived",
    ),
    "no_such_frame": (
        "no_image",
        404,
        "Cette image n'a pas de coupe de ce numéro : les numéros commencent à 1",
        "This image has no frame of that number: frames count from 1",
    ),
    "gone": (
        "no_image",
        404,
        "Le fichier de cette image manque sur le serveur : renvoyez l'examen",
        "The file of this image is missing on the server: send the study again",
    ),
    "bad_query": (
        "bad_body",
        400,
        "Paramètre d'affichage illisible ou hors limites (window, viewport, arrows)",
        "A viewing parameter is unreadable or out of bounds (window, viewport, arrows)",
    ),
    "not_dicom": (
        "bad_image",
        422,
        "Ce fichier n'est pas un fichier DICOM (partie 10)",
        "This file is not a DICOM file (part 10)",
    ),
    "directory": (
        "bad_image",
        422,
        "DICOMDIR : un index de support, sans image",
        "DICOMDIR: the index of a medium, without a picture",
    ),
    "bad_uid": (
        "bad_image",
        422,
        "Un identifiant (UID) de ce fichier manque ou n'est pas conforme",
        "A UID of this file is missing or malformed",
    ),
    "unreadable": (
        "bad_image",
        422,
        "Ce fichier DICOM est abîmé et ne peut pas être lu : renvoyez-le",
        "This DICOM file is damaged and cannot be read: send it again",
    ),
    "truncated": (
        "bad_image",
        422,
        "Ce fichier DICOM est tronqué (moins d'octets qu'annoncé) : renvoyez-le",
        "This DICOM file is truncated (fewer bytes than declared): send it again",
    ),
    "nested_too_deep": (
        "bad_image",
        422,
        "Ce fichier DICOM emboîte trop de séquences pour être lu",
        "This DICOM file nests too many sequences to be read",
    ),
    "inflates_too_much": (
        "bad_image",
        422,
        "Ce fichier compressé dépasse la taille permise une fois décompressé",
        "This deflated file exceeds the size allowed once inflated",
    ),
    "too_large": (
        "bad_image",
        422,
        "Cette image annonce des dimensions au-delà de ce qui peut être affiché ici",
        "This image declares dimensions beyond what can be shown here",
    ),
    "no_pixels": (
        "bad_image",
        422,
        "Cet objet DICOM ne contient pas d'image",
        "This DICOM object holds no picture",
    ),
    "bad_pixels": (
        "bad_image",
        422,
        "Les pixels de cette image ne correspondent pas à son en-tête : renvoyez-la",
        "The pixels of this image do not match its header: send it again",
    ),
    "unknown_syntax": (
        "bad_image",
        422,
        "La compression de cette image (syntaxe de transfert) n'est pas prise en charge",
        "The compression of this image (transfer syntax) is not supported",
    ),
    "too_slow": (
        "bad_image",
        422,
        "Cette image demande trop de temps à décoder : ouvrez-la dans le PACS",
        "This image takes too long to decode: open it in the PACS",
    ),
    "crashed": (
        "bad_image",
        422,
        "Cette image fait échouer le décodage : ouvrez-la dans le PACS",
        "This image makes the decoder fail: open it in the PACS",
    ),
    "busy": (
        "overloaded",
        503,
        "Trop d'images demandées à la fois : réessayez dans un instant",
        "Too many pictures asked for at once: try again in a moment",
    ),
}

REASONS: Final = frozenset(_REASONS)
"""Every reason that an `ImageProblem` can have."""


@dataclass(eq=False)
class ImageProblem(Exception):
    """A picture that cannot be had, with `slug`, HTTP `status` and one sentence in French and
    English. `reason` tells apart what shares a slug; none of it holds patient data."""

    reason: str

    def __post_init__(self) -> None:
        super().__init__(self.reason)
        self.slug, self.status, self.fr, self.en = _REASONS[self.reason]

    @property
    def detail(self) -> str:
        """Both sentences, French first."""
        return f"{self.fr} / {self.en}"

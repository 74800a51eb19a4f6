"""Who plays in the demonstration: sites, lines and people, all invented, as data.

The person id is also the login. Passwords are printed, so they must never open anything else:
`examroom demo` is refused outside loopback and keeps its people in a folder of its own.
"""

from dataclasses import dataclass

from hub.room.roles import Role


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A place. `phone` is of the range that France keeps for fiction."""

    site: str
    name: str
    phone: str
    timezone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class DemoLine:
    """An on-call line: its sites, the people on it, and what it takes; everything, where
    `subspecialty` is empty."""

    line: str
    name: str
    sites: tuple[str, ...]
    people: tuple[str, ...]
    tier: str = "company"
    subspecialty: str = ""


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody of the cast, in one role at one site. `fr` and `en` say what they do."""

    person: str
    name: str
    role: Role
    site: str
    fr: str
    en: str

    @property
    def password(self) -> str:
        """For the demonstration only."""
        return f"demo-{self.person}-nuit"


SITES = (
    DemoSite("ch-demo", "CH de Démonstration", "03 53 01 00 10"),
    DemoSite("ch-exemple", "CH de l'Exemple", "03 53 01 00 20"),
    DemoSite("ch-essai", "CH de l'Essai, outre-mer", "02 61 91 00 30", "Indian/Reunion"),
    DemoSite("tele-fictive", "Téléradiologie Fictive, centre de nuit", "01 99 00 00 40"),
    DemoSite("chu-imaginaire", "CHU Imaginaire", "04 65 71 00 50"),
)

HOSPITALS = ("ch-demo", "ch-exemple", "ch-essai")

CAST = (
    Player(
        "lea", "Dr Léa Tissandre", Role.REQUESTER, "ch-demo",
        "urgentiste", "emergency physician",
    ),
    Player(
        "omar", "Dr Omar Belvarine", Role.RADIOLOGIST, "tele-fictive",
        "radiologue de garde", "radiologist on call",
    ),
    Player(
        "marc", "Marc Ovelune", Role.TECHNOLOGIST, "ch-demo",
        "manipulateur", "radiographer",
    ),
    Player(
        "ines", "Dr Inès Quarvaud", Role.SUBSPECIALIST, "chu-imaginaire",
        "neuroradiologue", "neuroradiologist",
    ),
    Player(
        "solene", "Solène Pradouze", Role.COORDINATOR, "tele-fictive",
        "coordonnatrice", "coordinator",
    ),
    Player(
        "bastien", "Dr Bastien Morvelle", Role.PROXIMITY_PHYSICIAN, "ch-demo",
        "médecin de proximité", "physician on site",
    ),
    Player(
        "claire", "Dr Claire Vautrisse", Role.RADIOLOGIST, "tele-fictive",
        "radiologue de garde", "radiologist on call",
    ),
    Player(
        "nora", "Dr Nora Filangère", Role.REQUESTER, "ch-exemple",
        "urgentiste", "emergency physician",
    ),
    Player(
        "yann", "Yann Destrelou", Role.TECHNOLOGIST, "ch-exemple",
        "manipulateur", "radiographer",
    ),
)  # fmt: skip

LINES = (
    DemoLine(
        "nuit-demo", "Nuit Démonstration", HOSPITALS, ("omar", "claire", "solene")
    ),
    DemoLine(
        "neuro-demo", "Avis neuroradiologie", HOSPITALS, ("ines",), "region", "neuroradiologie"
    ),
)  # fmt: skip

BY_PERSON = {player.person: player for player in CAST}

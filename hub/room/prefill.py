"""What a report can take over from the room, so that nobody types again what is known."""

from hub.room.report import Dose, Sections
from hub.room.room import Room
from hub.room.words import PHANTOMS, Words

_SAID: dict[str, Words] = {
    "total": ("PDL total", "Total DLP"),
    "sum": ("Somme PDL", "DLP sum"),
    "series": ("série", "series"),
    "ctdivol": ("IDSV", "CTDIvol"),
    "dlp": ("PDL", "DLP"),
    "none": ("Pas d'injection.", "No injection."),
    "lot": ("lot", "lot"),
}


def number(value: float, lang: str) -> str:
    """A number as people read it: no needless decimals, a comma in French."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if lang == "fr" else text


def prefilled(room: Room, lang: str) -> Sections:
    """Indication, technique, contrast and dose as the room holds them, in `lang`."""
    request = room.request
    asked = [request.indication, request.clinical_question] if request else []
    return Sections(
        indication="\n".join(one for one in asked if one),
        technique=_technique(room),
        contrast=_contrast(room, lang),
        dose=dose_lines(room.dose.dose, lang) if room.dose else "",
        comparison=request.priors if request else "",
    )


def _technique(room: Room) -> str:
    if room.protocol is None:
        return ""
    protocol = room.protocol.protocol
    outcome = room.acquisition.outcome if room.acquisition else None
    done = outcome.series_done if outcome else ()
    series = [one for one in protocol.series if not done or one.n in done]
    return "\n".join(f"{protocol.modality} {one.name}, {one.phase}" for one in series)


def _contrast(room: Room, lang: str) -> str:
    given = [one.given for one in room.contrast]
    if room.acquisition and room.acquisition.outcome:
        given += [one for one in room.acquisition.outcome.contrast_given if one not in given]
    if not given:
        ended = room.acquisition is not None and room.acquisition.ended is not None
        return _word("none", lang) if ended else ""
    lines = []
    for one in given:
        parts = [one.agent]
        if one.volume_ml is not None:
            parts.append(f"{number(one.volume_ml, lang)} mL")
        if one.rate_ml_s is not None:
            parts.append(f"{number(one.rate_ml_s, lang)} mL/s")
        if one.lot:
            parts.append(f"{_word('lot', lang)} {one.lot}")
        lines.append(", ".join((*parts, one.route.upper())))
    return "\n".join(lines)


def dose_lines(dose: Dose, lang: str) -> str:
    """One line a series, each value with its phantom; sums by phantom, never over two."""
    lines = []
    sums: dict[str, float] = {}
    for place, one in enumerate(dose.series, 1):
        name = one.name or one.region or f"{_word('series', lang)} {one.n or place}"
        values = []
        if one.ctdivol_mgy is not None:
            values.append(f"{_word('ctdivol', lang)} {number(one.ctdivol_mgy, lang)} mGy")
        if one.dlp_mgy_cm is not None:
            values.append(f"{_word('dlp', lang)} {number(one.dlp_mgy_cm, lang)} mGy·cm")
            sums[one.phantom] = sums.get(one.phantom, 0.0) + one.dlp_mgy_cm
        lines.append(f"{name} : {', '.join(values)} ({_phantom(one.phantom, lang)})")
    for phantom, total in sorted(sums.items()):
        told = f"{_word('sum', lang)} {number(total, lang)} mGy·cm"
        lines.append(f"{told} ({_phantom(phantom, lang)})")
    if dose.total_dlp_mgy_cm is not None:
        lines.append(f"{_word('total', lang)} {number(dose.total_dlp_mgy_cm, lang)} mGy·cm")
    return "\n".join(lines)


def _word(key: str, lang: str) -> str:
    return _SAID[key][lang != "fr"]


def _phantom(phantom: str, lang: str) -> str:
    return PHANTOMS[phantom][lang != "fr"]

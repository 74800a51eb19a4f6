"""What a printed report says: a sealed version as words and lines, in one language.

Labels are in the language asked for; what the author wrote stays as they wrote it. Times are those
of the site, with their distance from UTC.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.room.prefill import number
from hub.room.report import Communication, DoseBlock, Sealed
from hub.room.roles import Role
from hub.room.times import moment
from hub.room.words import CRITICAL_METHODS, PHANTOMS, REPORTS, ROLES, SECTIONS, Words

SAID: dict[str, Words] = {
    "title": ("Compte rendu d'imagerie", "Imaging report"),
    "patient": ("Patient", "Patient"),
    "born": ("né(e) le", "born"),
    "exam": ("Examen", "Examination"),
    "site": ("Site", "Site"),
    "requested": ("Demandé par", "Requested by"),
    "acquired": ("Réalisé le", "Acquired on"),
    "technologist": ("Manipulateur", "Technologist"),
    "device": ("Appareil", "Device"),
    "given": ("Produit injecté", "Contrast given"),
    "series": ("Série", "Series"),
    "ctdivol": ("IDSV (mGy)", "CTDIvol (mGy)"),
    "dlp": ("PDL (mGy·cm)", "DLP (mGy·cm)"),
    "phantom": ("Fantôme", "Phantom"),
    "level": ("Niveau de référence", "Reference level"),
    "sum": ("Somme", "Sum"),
    "above": ("au-dessus", "above"),
    "no_dose": ("Dose inconnue", "Dose not known"),
    "communicated": ("Résultats communiqués", "Results communicated"),
    "since": ("depuis la signature", "since it was signed"),
    "read_back": ("relu", "read back"),
    "signed": ("Signé par", "Signed by"),
    "issued": ("Diffusé par", "Issued by"),
    "on": ("le", "on"),
    "at": ("à", "at"),
    "to": ("communiqué à", "communicated to"),
    "by": ("par", "by"),
    "version": ("Version", "Version"),
    "hash": ("Empreinte SHA-256", "SHA-256 hash"),
    "page": ("page", "page"),
    "of": ("de", "of"),
    "newer": ("Une version plus récente existe : n° ", "A newer version exists: no. "),
    "not_final": (
        "Compte rendu provisoire : non signé, susceptible d'être modifié.",
        "Preliminary report: not signed, may change.",
    ),
    "changed": ("Modifié depuis le provisoire", "Changed since the preliminary report"),
    "reason": ("Motif", "Reason"),
    "ipp": ("IPP", "Patient no."),
    "sex": ("sexe", "sex"),
    "clock": ("heure", "time"),
}


class _Language:
    """Words of one language, and times of one place."""

    def __init__(self, lang: str, timezone: str) -> None:
        self.lang = lang
        self._zone = ZoneInfo(timezone)

    def of(self, words: Words) -> str:
        """The word of this language."""
        return words[self.lang != "fr"]

    def say(self, key: str) -> str:
        """A word of the sheet."""
        return self.of(SAID[key])

    def time(self, at: str) -> str:
        """`21/11/2026 à 23:40 (UTC+1)`, empty for no time."""
        if not at:
            return ""
        here = moment(at).astimezone(self._zone)
        return f"{self.day(here)} {self.say('at')} {here:%H:%M} ({_distance(here)})"

    def day(self, at: datetime) -> str:
        """A date, day first; months as numbers, years in full."""
        return f"{at:%d/%m/%Y}" if self.lang == "fr" else f"{at:%d %b %Y}"


def _distance(at: datetime) -> str:
    minutes = round((at.utcoffset() or at - at).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes >= 0 else "−"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def sheet(
    content: Sealed,
    addenda: Sequence[Sealed] = (),
    *,
    lang: str,
    timezone: str,
    site: str = "",
    newest: int = 0,
    since: Sequence[Communication] = (),
) -> dict[str, Any]:
    """The words of the printed report, of JSON values, for `report.typ`.

    `content` is the preliminary or final report, `addenda` those to print with it, in order; `site`
    is the name of the place, `newest` the newest version of the room, `since` what was communicated
    after it was sealed: printed apart, for it is not under the signature.
    """
    say = _Language(lang, timezone)
    last = addenda[-1] if addenda else content
    return {
        "lang": lang,
        "title": say.say("title"),
        "status": _status(content, last, say),
        "patient": _label(content, say),
        "preliminary": last.status == "preliminary",
        "warnings": _warnings(last, newest, say),
        "facts": [[label, text] for label, text in _facts(content, site, say) if text],
        "sections": _sections(content, say),
        "dose": _dose(content.dose, say) if content.dose else None,
        "communications": [
            *(_communicated(one, say) for one in last.communications),
            *(f"{_communicated(one, say)} – {say.say('since')}" for one in since),
        ],
        "communicated": say.say("communicated"),
        "signature": _signature(content, say),
        "addenda": [_addendum(one, say) for one in addenda],
        "version": f"{say.say('version')} {last.version}",
        "hash": f"{say.say('hash')} : {last.content_hash}",
        "page": say.say("page"),
        "of": say.say("of"),
        "signed_at": last.signed_at,
    }


def _status(content: Sealed, last: Sealed, say: _Language) -> str:
    told = say.of(REPORTS[content.status])
    return told if last is content else f"{told} + {say.of(REPORTS[last.status])}"


def _label(content: Sealed, say: _Language) -> str:
    """Who it is about, for every page: a sheet that falls out of its folder is not lost."""
    patient = content.patient
    if patient is None:
        return ""
    born = _birthday(patient.dob, say) if patient.dob else ""
    return " ".join(filter(None, (patient.birth_name, patient.given, born)))


def _warnings(last: Sealed, newest: int, say: _Language) -> list[str]:
    found = [say.say("not_final")] if last.status == "preliminary" else []
    if newest > last.version:
        found.append(f"{say.say('newer')}{newest}.")
    if last.status == "final" and last.of_version and last.changed:
        named = ", ".join(say.of(SECTIONS[name]) for name in last.changed)
        found.append(f"{say.say('changed')} : {named}.")
    return found


def _facts(content: Sealed, site: str, say: _Language) -> list[tuple[str, str]]:
    patient, exam = content.patient, content.exam
    facts: list[tuple[str, str]] = []
    if patient is not None:
        names = f"{patient.birth_name} {patient.given}".strip()
        used = f" ({patient.used_name})" if patient.used_name else ""
        born = f", {say.say('born')} {_birthday(patient.dob, say)}" if patient.dob else ""
        sex = f", {say.say('sex')} {patient.sex}" if patient.sex != "U" else ""
        facts += [(say.say("patient"), f"{names}{used}{born}{sex}"), (say.say("ipp"), patient.ipp)]
    if exam is not None:
        asked = " ".join(filter(None, (exam.requester, say.time(exam.requested_at))))
        facts += [
            (say.say("exam"), " ".join(filter(None, (exam.modality, ", ".join(exam.regions))))),
            (say.say("site"), site or exam.site),
            (say.say("requested"), asked),
            (say.say("acquired"), say.time(exam.acquired_at)),
            (say.say("technologist"), exam.technologist),
            (say.say("device"), exam.device),
        ]
    return facts


def _birthday(dob: str, say: _Language) -> str:
    try:
        return say.day(datetime.fromisoformat(dob))
    except ValueError:
        return dob


def _sections(content: Sealed, say: _Language) -> list[list[str]]:
    found = []
    for name, words in SECTIONS.items():
        text = getattr(content.sections, name).strip()
        if name == "contrast" and not text:
            text = "\n".join(_given(content, say.lang))
        if name == "dose" and not text and content.dose is None and content.no_dose_reason:
            text = f"{say.say('no_dose')} : {content.no_dose_reason}"
        if text or (name == "dose" and content.dose is not None):
            found.append([name, say.of(words), text])
    return found


def _given(content: Sealed, lang: str) -> list[str]:
    lines = []
    for one in content.contrast_given:
        volume = f"{number(one.volume_ml, lang)} mL" if one.volume_ml is not None else ""
        rate = f"{number(one.rate_ml_s, lang)} mL/s" if one.rate_ml_s is not None else ""
        lines.append(", ".join(filter(None, (one.agent, volume, rate, one.lot, one.route.upper()))))
    return lines


def _dose(dose: DoseBlock, say: _Language) -> dict[str, Any]:
    """A table: a row a series, each value with its phantom and its levels; then a sum a phantom."""

    def told(value: float | None) -> str:
        return "" if value is None else number(value, say.lang)

    rows = []
    for place, one in enumerate(dose.series, 1):
        levels = [_level(level, say) for level in dose.compared if level.series == place]
        name = one.name or one.region or f"{one.n or place}"
        phantom = say.of(PHANTOMS[one.phantom])
        rows.append([name, told(one.ctdivol_mgy), told(one.dlp_mgy_cm), phantom, ", ".join(levels)])
    for total in dose.sums:
        phantom = say.of(PHANTOMS.get(total.phantom, (total.phantom, total.phantom)))
        rows.append([say.say("sum"), "", told(total.dlp_mgy_cm), phantom, ""])
    head = [say.say(key) for key in ("series", "ctdivol", "dlp", "phantom", "level")]
    sources = dict.fromkeys(f"{one.source}, {one.dated}" for one in dose.compared)
    return {"head": head, "rows": rows, "sources": list(sources)}


def _level(level: Any, say: _Language) -> str:
    name = {"ctdivol": "IDSV" if say.lang == "fr" else "CTDIvol"}.get(
        level.quantity, "PDL" if say.lang == "fr" else "DLP"
    )
    above = f" ({say.say('above')})" if level.above else ""
    return f"{name} {number(level.level, say.lang)}{above}"


def _communicated(one: Communication, say: _Language) -> str:
    """`communiqué à Dr X (médecin demandeur) le 21/11/2026 à 23:58 (UTC+1), par téléphone, par
    Dr Y, relu`."""
    when = f"{say.say('on')} {say.time(one.at)}"
    parts = [f"{say.say('to')} {one.name}", f"({_role(one.role, say)})" if one.role else "", when]
    how = CRITICAL_METHODS.get(one.method)
    more = (
        say.of(how) if how else "",
        f"{say.say('by')} {one.by}" if one.by else "",
        say.say("read_back") if one.read_back else "",
    )
    return ", ".join(filter(None, (" ".join(filter(None, parts)), *more)))


def _role(role: str, say: _Language) -> str:
    return say.of(ROLES[Role(role)]) if role in set(Role) else role


def _signature(content: Sealed, say: _Language) -> str:
    verb = say.say("issued" if content.status == "preliminary" else "signed")
    who = f"{content.signer_name} ({_role(content.signer_role, say)})"
    return f"{verb} {who} {say.say('on')} {say.time(content.signed_at)}"


def _addendum(one: Sealed, say: _Language) -> dict[str, str]:
    reason = f"{say.say('reason')} : {one.reason}" if one.reason else ""
    return {
        "title": f"{say.of(REPORTS['addendum']).capitalize()} – {say.say('version')} {one.version}",
        "text": one.addendum,
        "reason": reason,
        "signature": _signature(one, say),
    }

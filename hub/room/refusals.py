"""Why a person may not: the refusals of the domain, each with its slug of wire.md section 5.

One function a refusal. Its sentences say what to do next, French first, and hold no patient data:
they name acts, stages, fields, rules and colleagues, never what was written about a patient.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.room.limits import MOST_OPEN
from hub.room.roles import Role
from hub.room.stages import Stage
from hub.room.words import COMMANDS, ROLES, STAGES, Words


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


def _act(kind: str) -> Words:
    fr, en = COMMANDS.get(kind, (kind, kind))
    return f"« {fr} »", f"“{en}”"


def _names(roles: Iterable[Role]) -> Words:
    held = [ROLES[role] for role in roles]
    return ", ".join(fr for fr, _ in held), ", ".join(en for _, en in held)


def no_room() -> Refused:
    """The room was never opened."""
    return Refused(
        "no_room",
        "Cette salle n'existe pas : envoyez d'abord la demande.",
        "There is no such room: send the request first.",
    )


def wrong_role(kind: str, roles: Iterable[Role]) -> Refused:
    """Somebody else's act."""
    fr, en = _act(kind)
    who_fr, who_en = _names(roles)
    return Refused(
        "wrong_role",
        f"{fr} revient à : {who_fr}. Demandez-le-leur dans la salle.",
        f"{en} is for: {who_en}. Ask them in the room.",
    )


def wrong_stage(kind: str, stage: Stage, stages: Iterable[Stage]) -> Refused:
    """The act has its time, and it is not now."""
    fr, en = _act(kind)
    now_fr, now_en = STAGES[stage]
    if stage is Stage.CLOSED:
        return Refused(
            "wrong_stage",
            f"La salle est close : rouvrez-la, puis {fr}.",
            f"The room is closed: reopen it, then {en}.",
        )
    when = [STAGES[one] for one in stages]
    return Refused(
        "wrong_stage",
        f"{fr} n'est pas possible au stade « {now_fr} » ; "
        f"possible au stade : {', '.join(fr for fr, _ in when)}.",
        f"{en} is not possible at stage “{now_en}”; "
        f"possible at: {', '.join(en for _, en in when)}.",
    )


def already_open() -> Refused:
    """A second request in the same room."""
    return Refused(
        "wrong_stage",
        "La demande est déjà faite dans cette salle : corrigez-la, ou ouvrez une autre salle.",
        "The request was already made in this room: amend it, or open another room.",
    )


def no_amend_while_acquiring() -> Refused:
    """C2: forbidden while acquiring."""
    return Refused(
        "wrong_stage",
        "Acquisition en cours : le protocole ne peut plus changer. Appelez le manipulateur ; "
        "il peut interrompre l'acquisition.",
        "Acquisition is under way: the protocol cannot change. Call the technologist, "
        "who can abort the acquisition.",
    )


def already_claimed(name: str) -> Refused:
    """Somebody was faster."""
    return Refused(
        "already_claimed",
        f"Déjà pris en charge par {name} : rien à faire, ou demandez-lui de vous le proposer.",
        f"Already claimed by {name}: nothing to do, or ask them to offer it to you.",
    )


def already_answered(name: str) -> Refused:
    """Somebody else took the call."""
    return Refused(
        "already_claimed",
        f"{name} a déjà répondu à cet appel : il n'y a rien à faire.",
        f"{name} has answered that call already: nothing to do.",
    )


def yours_already() -> Refused:
    """A second claim of one's own."""
    return Refused(
        "already_claimed",
        "Vous avez déjà pris cet examen en charge : continuez.",
        "You have already claimed this exam: go on.",
    )


def not_owner(kind: str, name: str) -> Refused:
    """An act of the one who has the exam."""
    fr, en = _act(kind)
    return Refused(
        "forbidden",
        f"{fr} revient à {name}, qui a pris l'examen en charge : demandez-le-lui.",
        f"{en} is for {name}, who has claimed the exam: ask them.",
    )


def nobody_owns(kind: str) -> Refused:
    """There is nothing to release or to offer."""
    fr, en = _act(kind)
    return Refused(
        "wrong_stage",
        f"{fr} : personne n'a encore pris l'examen en charge. Prenez-le d'abord.",
        f"{en}: nobody has claimed the exam yet. Claim it first.",
    )


def stale(seq: int) -> Refused:
    """The version named is not the one in force."""
    return Refused(
        "stale_after",
        "Le protocole a changé entre-temps : relisez la version en vigueur, puis recommencez.",
        "The protocol has changed meanwhile: read the version in force, then do it again.",
        seq,
    )


def version_expected(version: int, seq: int) -> Refused:
    """The version to be issued is not the next one."""
    return Refused(
        "stale_after",
        f"La prochaine version du protocole est la {version} : relisez la version en vigueur, "
        "puis renvoyez la vôtre sous ce numéro.",
        f"The next version of the protocol is {version}: read the one in force, "
        "then send yours under that number.",
        seq,
    )


def being_read(name: str, *, reading: bool) -> Refused:
    """The reading, or the exam, is another's; a reason takes it over."""
    return Refused(
        "already_claimed",
        f"{'Interprété par' if reading else 'Pris en charge par'} {name} : "
        "pour reprendre l'interprétation, donnez un motif.",
        f"{'Being read by' if reading else 'Claimed by'} {name}: to take the reading over, "
        "give a reason.",
    )


def not_reader(kind: str, name: str) -> Refused:
    """An act of the one who reads."""
    fr, en = _act(kind)
    if not name:
        return Refused(
            "forbidden",
            f"{fr} revient à celui qui interprète : commencez d'abord l'interprétation.",
            f"{en} is for the one who reads: start reading first.",
        )
    return Refused(
        "forbidden",
        f"{fr} revient à {name}, qui interprète : demandez-le-lui, ou reprenez l'interprétation "
        "avec un motif.",
        f"{en} is for {name}, who reads: ask them, or take the reading over with a reason.",
    )


def report_version_expected(version: int, seq: int) -> Refused:
    """The version to be sealed is not the next one."""
    return Refused(
        "stale_after",
        f"La prochaine version du compte rendu est la {version} : relisez celle en vigueur, "
        "puis renvoyez la vôtre sous ce numéro.",
        f"The next version of the report is {version}: read the one in force, "
        "then send yours under that number.",
        seq,
    )


def report_stale(seq: int) -> Refused:
    """What was read is not what is in force."""
    return Refused(
        "stale_after",
        "Le compte rendu a changé entre-temps : lisez la version en vigueur, puis accusez "
        "réception.",
        "The report has changed meanwhile: read the version in force, then acknowledge it.",
        seq,
    )


def no_report() -> Refused:
    """Nothing to acknowledge."""
    return Refused(
        "wrong_stage",
        "Il n'y a pas encore de compte rendu ici : attendez-le, ou écrivez un message.",
        "There is no report in this room yet: wait for it, or post a message.",
    )


def unsafe(fr: str, en: str, rule: str) -> Refused:
    """A rule of safety that nobody has set aside; `fr` and `en` say what it is about."""
    return Refused(
        "unsafe",
        f"Règle de sécurité non levée : {fr}. Changez la prescription, "
        f"ou passez outre en donnant un motif (règle {rule}).",
        f"A safety rule stands: {en}. Change the prescription, "
        f"or override it with a reason (rule {rule}).",
    )


def identity_fails() -> Refused:
    """The patient at the scanner is not shown to be the patient of the request."""
    return Refused(
        "unsafe",
        "Identité non vérifiée : n'examinez pas. Rétablissez l'identité avec le demandeur, ou "
        "ouvrez un incident d'identité, puis refaites la vérification.",
        "Identity not verified: do not examine. Settle it with the requester, or open an identity "
        "incident, then check again.",
    )


def unchecked(missing: Iterable[tuple[str, Words]]) -> Refused:
    """Items of the checklist without an answer: their codes and words."""
    named = list(missing)
    fr = ", ".join(f"« {words[0]} » (règle check.{code})" for code, words in named)
    en = ", ".join(f"“{words[1]}” (rule check.{code})" for code, words in named)
    return Refused(
        "unsafe",
        f"Vérifications sans réponse : {fr}. Répondez-y, ou passez outre en donnant un motif.",
        f"Checks without an answer: {en}. Answer them, or override each with a reason.",
    )


def strange_item(n: int, codes: Iterable[str]) -> Refused:
    """An item that this checklist does not have, or has been answered already."""
    named = ", ".join(codes)
    return body(
        f"items[{n}].code",
        "Cette vérification n'existe pas ou a déjà sa réponse : une réponse par code, "
        f"de {named} ou de ceux que le protocole demande.",
        "There is no such check, or it has its answer already: one answer a code, "
        f"of {named} or of those that the protocol requires.",
    )


def query_open() -> Refused:
    """A read-back while a query on the version in force waits."""
    return Refused(
        "wrong_stage",
        "Une question sur ce protocole attend : le radiologue y répond ou modifie le protocole, "
        "puis relisez et confirmez.",
        "A query on this protocol is open: the radiologist must answer it or amend the protocol "
        "first; then read back.",
    )


def read_back_differs(field: str, label: Words) -> Refused:
    """What was read back is not what was prescribed."""
    return Refused(
        "unsafe",
        f"Relecture différente du protocole : {label[0]} ({field}). Relisez le protocole ; "
        "en cas de doute, posez la question au radiologue.",
        f"The read-back differs from the protocol: {label[1]} ({field}). Read the protocol again; "
        "if in doubt, query the radiologist.",
    )


def critical_words(lost: int, of: int) -> Refused:
    """A critical result was read back without some of the words that have to come back."""
    return Refused(
        "unsafe",
        f"Relecture incomplète : {lost} mot(s) à répéter sur {of} n'y sont pas. Relisez le "
        "constat et répétez-le ; en cas de doute, appelez le radiologue.",
        f"The read-back is not complete: {lost} of {of} word(s) to be repeated are missing. Read "
        "the finding again and repeat it; if in doubt, call the radiologist.",
    )


def critical_unproven() -> Refused:
    """Nobody is known to have received a category 1 result."""
    return Refused(
        "wrong_stage",
        "Un résultat critique de catégorie 1 n'a pas de preuve de réception : faites-le relire et "
        "confirmer par une personne nommée, ou téléphonez et notez qui l'a reçu.",
        "A category 1 critical result has no proof of receipt: have it read back and acknowledged "
        "by a named person, or phone and record who received it.",
    )


def body(field: str, fr: str, en: str) -> Refused:
    """Something is missing or makes no sense in `field`."""
    return Refused("bad_body", f"{fr} ({field})", f"{en} ({field})")


def forbidden(fr: str, en: str) -> Refused:
    """Not for this person, or not done to that person."""
    return Refused("forbidden", fr, en)


def too_many_open(fr: str, en: str) -> Refused:
    """So many of `fr` or `en`, in the plural, wait already that nobody reads them all."""
    return conflict(
        f"{MOST_OPEN} {fr} sont encore en attente dans cette salle : traitez-en d'abord, "
        "ou écrivez un message ; téléphonez si c'est urgent.",
        f"{MOST_OPEN} {en} are still open in this room: settle some of them first, "
        "or post a message; phone if it is urgent.",
    )


def conflict(fr: str, en: str) -> Refused:
    """The room does not stand so that this can be done; what to do first is in the words."""
    return Refused("wrong_stage", fr, en)

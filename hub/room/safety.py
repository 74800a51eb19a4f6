"""The safety rules and the checklist, as data: they warn or need an override, and decide nothing.

A rule speaks when all its conditions hold. `warn` is shown; `override` is refused as `unsafe` until
a person sets it aside with a reason, which is stored with their name. Rules are ours [est], written
from the sources named, from memory and without the licensed text: each site's pharmacist, physicist
and physician validates them before use.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.room import refusals
from hub.room.events import Alert
from hub.room.exam import CheckItem, Override, Protocol, Request
from hub.room.facts import facts
from hub.room.refusals import Refused
from hub.room.words import Words

WARN, OVERRIDE = "warn", "override"

Condition = tuple[str, str, Any]
"""(fact, `is` | `in` | `below` | `from`, value). A number that is unknown is neither."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its code, how loud it is, when it speaks, its words, and where it comes from.

    `topic` names it in `TOPICS` where the words would tell of the patient (refusals).
    """

    code: str
    level: str
    when: tuple[Condition, ...]
    fr: str
    en: str
    source: str
    topic: str


TOPICS: dict[str, Words] = {
    "renal": ("fonction rénale et produit de contraste", "renal function and contrast"),
    "metformin": ("metformine et produit iodé", "metformin and iodinated contrast"),
    "reaction": ("antécédent de réaction au contraste", "prior reaction to contrast"),
    "thyroid": ("thyroïde et produit iodé", "thyroid and iodinated contrast"),
    "breastfeeding": ("allaitement et produit de contraste", "breastfeeding and contrast"),
    "pregnancy": ("grossesse", "pregnancy"),
    "implants": ("implants et IRM", "implants and MR"),
    "comfort": ("confort en IRM", "comfort in MR"),
    "iv_access": ("voie veineuse et débit", "venous access and rate"),
    "weight": ("dose au poids", "dose by weight"),
    "identity": ("identité du patient", "identity of the patient"),
}

DATED = "2026-11"
"""When the rules below were last gone through."""

_MEMORY = "from memory, to be validated by the site"
_ESUR = f"ESUR Guidelines on Contrast Agents 10.0 ({_MEMORY})"
_ICRP = f"ICRP 84; Code de la santé publique R1333-58 ({_MEMORY})"
_MR = f"ACR Manual on MR Safety; SFR, sécurité en IRM ({_MEMORY})"
_OURS = f"examroom's own proposal ({_MEMORY})"

RULES: tuple[Rule, ...] = (
    Rule("iodine_egfr_below_30", OVERRIDE, (("iodine", "is", True), ("egfr", "below", 30)),
         "DFG inférieur à 30 et produit iodé prescrit.",
         "eGFR below 30 and iodinated contrast ordered.", _ESUR, "renal"),
    Rule("iodine_egfr_below_45", WARN,
         (("iodine", "is", True), ("egfr", "from", 30), ("egfr", "below", 45)),
         "DFG entre 30 et 45 : hydratation et surveillance rénale à discuter.",
         "eGFR from 30 to 45: consider hydration and renal follow-up.", _ESUR, "renal"),
    Rule("gadolinium_egfr_below_30", OVERRIDE,
         (("gadolinium", "is", True), ("egfr", "below", 30)),
         "DFG inférieur à 30 et gadolinium prescrit : agents à haut risque contre-indiqués.",
         "eGFR below 30 and gadolinium ordered: high-risk agents are contraindicated.",
         _ESUR, "renal"),
    Rule("renal_function_unknown", WARN,
         (("contrast", "is", True), ("renal_known", "is", False)),
         "Fonction rénale non connue et produit de contraste prescrit.",
         "Renal function not known and contrast ordered.", _ESUR, "renal"),
    Rule("egfr_old", WARN, (("contrast", "is", True), ("egfr_old", "is", True)),
         "DFG de plus de 7 jours : à recontrôler si l'état a changé.",
         "eGFR older than 7 days: check again if the condition has changed.", _ESUR, "renal"),
    Rule("metformin_egfr_below_30", OVERRIDE,
         (("iodine", "is", True), ("metformin", "is", "yes"), ("egfr", "below", 30)),
         "Metformine et DFG inférieur à 30 : arrêter la metformine dès l'injection, "
         "contrôle rénal à 48 h.",
         "Metformin and eGFR below 30: stop metformin at injection, check renal function at 48 h.",
         _ESUR, "metformin"),
    Rule("metformin_renal_unknown", WARN,
         (("iodine", "is", True), ("metformin", "is", "yes"), ("renal_known", "is", False)),
         "Metformine et fonction rénale non connue : arrêter la metformine, contrôle à 48 h.",
         "Metformin and renal function not known: stop metformin, check at 48 h.",
         _ESUR, "metformin"),
    Rule("contrast_reaction_severe", OVERRIDE,
         (("contrast", "is", True), ("allergy", "is", "severe")),
         "Antécédent de réaction sévère à un produit de contraste : chercher une alternative.",
         "Prior severe reaction to contrast: look for an alternative.", _ESUR, "reaction"),
    Rule("contrast_reaction_mild", WARN, (("contrast", "is", True), ("allergy", "is", "mild")),
         "Antécédent de réaction légère : autre agent, surveillance 30 minutes, chariot prêt.",
         "Prior mild reaction: another agent, 30 minutes of observation, trolley at hand.",
         _ESUR, "reaction"),
    Rule("contrast_reaction_unknown", WARN,
         (("contrast", "is", True), ("allergy", "is", "unknown")),
         "Antécédent de réaction au contraste non connu : à demander avant d'injecter.",
         "Prior contrast reaction not known: ask before injecting.", _ESUR, "reaction"),
    Rule("hyperthyroid_iodine", OVERRIDE,
         (("iodine", "is", True), ("hyperthyroid", "is", "yes")),
         "Hyperthyroïdie et produit iodé : contre-indiqué si elle est manifeste.",
         "Hyperthyroidism and iodinated contrast: contraindicated where it is manifest.",
         _ESUR, "thyroid"),
    Rule("breastfeeding_iodine", WARN,
         (("iodine", "is", True), ("breastfeeding", "is", "yes")),
         "Allaitement et produit iodé : peut être poursuivi, en informer la patiente.",
         "Breastfeeding and iodinated contrast: may go on, tell the patient.",
         _ESUR, "breastfeeding"),
    Rule("breastfeeding_gadolinium", WARN,
         (("gadolinium", "is", True), ("breastfeeding", "is", "yes")),
         "Allaitement et gadolinium : à suspendre 24 h si agent à haut risque.",
         "Breastfeeding and gadolinium: stop for 24 h with a high-risk agent.",
         _ESUR, "breastfeeding"),
    Rule("pregnancy_ionising_trunk", OVERRIDE,
         (("ionising", "is", True), ("trunk", "is", True), ("pregnant", "is", "yes")),
         "Grossesse et rayons X sur le tronc : bénéfice, alternative et dose à peser.",
         "Pregnancy and X-rays to the trunk: weigh benefit, alternative and dose.",
         _ICRP, "pregnancy"),
    Rule("pregnancy_ionising_far", WARN,
         (("ionising", "is", True), ("trunk", "is", False), ("pregnant", "is", "yes")),
         "Grossesse, champ loin de l'utérus : informer la patiente, optimiser la dose.",
         "Pregnancy, field far from the uterus: tell the patient, optimise the dose.",
         _ICRP, "pregnancy"),
    Rule("pregnancy_gadolinium", OVERRIDE,
         (("gadolinium", "is", True), ("pregnant", "is", "yes")),
         "Grossesse et gadolinium : seulement si l'injection est indispensable.",
         "Pregnancy and gadolinium: only where it cannot be done without.", _ESUR, "pregnancy"),
    Rule("pregnancy_unknown_ionising", WARN,
         (("ionising", "is", True), ("pregnant", "is", "unknown"),
          ("could_be_pregnant", "is", True)),
         "Grossesse possible et non renseignée : à demander, test au besoin.",
         "Pregnancy possible and not known: ask, test if needed.", _ICRP, "pregnancy"),
    Rule("mr_implant_active", OVERRIDE, (("mr", "is", True), ("implant_active", "is", True)),
         "Implant actif ou clip signalé et IRM : modèle et compatibilité à vérifier.",
         "Active implant or clip stated and MR: find the model and its MR conditions.",
         _MR, "implants"),
    Rule("mr_implant_unnamed", OVERRIDE,
         (("mr", "is", True), ("implants", "is", "yes"), ("implant_named", "is", False)),
         "Implant signalé sans précision et IRM : dire lequel avant d'entrer.",
         "Implant stated but not named and MR: say which before entering.", _MR, "implants"),
    Rule("mr_implant_other", WARN,
         (("mr", "is", True), ("implants", "is", "yes"), ("implant_named", "is", True),
          ("implant_active", "is", False)),
         "Implant signalé et IRM : compatibilité à vérifier.",
         "Implant stated and MR: check its MR conditions.", _MR, "implants"),
    Rule("mr_implant_unknown", WARN,
         (("mr", "is", True), ("implants", "is", "unknown"), ("implant_active", "is", False)),
         "Implants non renseignés et IRM : questionnaire à faire avant d'entrer.",
         "Implants not known and MR: go through the questionnaire before entering.",
         _MR, "implants"),
    Rule("mr_claustrophobia", WARN, (("mr", "is", True), ("claustrophobia", "is", "yes")),
         "Claustrophobie signalée : accompagnement ou prémédication à prévoir.",
         "Claustrophobia stated: plan company or premedication.", _OURS, "comfort"),
    Rule("iv_none", WARN, (("contrast", "is", True), ("gauge", "is", "none")),
         "Contraste prescrit et pas de voie veineuse.",
         "Contrast ordered and no venous access.", _OURS, "iv_access"),
    Rule("iv_too_thin", WARN, (("rate_ml_s", "from", 3.5), ("gauge", "in", ("22G", "24G"))),
         "Débit prescrit élevé pour cette voie veineuse : risque d'extravasation.",
         "Rate ordered is high for this venous access: risk of extravasation.", _OURS, "iv_access"),
    Rule("weight_unknown", WARN,
         (("dose_by_weight", "is", True), ("weight_known", "is", False)),
         "Dose de contraste au poids et poids non connu.",
         "Contrast dosed by weight and weight not known.", _OURS, "weight"),
    Rule("identity_suspect", WARN, (("identity", "is", "suspect"),),
         "Identité douteuse : à vérifier au bracelet avant tout acte.",
         "Identity in doubt: check the wristband before any act.",
         f"RNIV, identitovigilance ({_MEMORY})", "identity"),
)  # fmt: skip

BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class Check:
    """An item of the checklist, asked where the protocol is as `when` says (facts, as above)."""

    code: str
    fr: str
    en: str
    when: tuple[Condition, ...] = ()


CHECKLIST: tuple[Check, ...] = (
    Check("identity", "Identité vérifiée (bracelet, question ouverte)",
          "Identity checked (wristband, open question)"),
    Check("region", "Région et côté vérifiés", "Region and side checked"),
    Check("pregnancy", "Grossesse écartée ou décision prise",
          "Pregnancy excluded or decided upon", (("could_be_pregnant", "is", True),)),
    Check("allergy", "Pas de réaction antérieure au contraste",
          "No prior reaction to contrast", (("contrast", "is", True),)),
    Check("renal", "Fonction rénale connue et compatible",
          "Renal function known and compatible", (("contrast", "is", True),)),
    Check("metformin", "Metformine : arrêt prévu si besoin",
          "Metformin: stop planned where needed", (("iodine", "is", True),)),
    Check("iv_access", "Voie veineuse en place et perméable",
          "Venous access in place and patent", (("contrast", "is", True),)),
    Check("implants", "Implants et corps étrangers vérifiés",
          "Implants and foreign bodies checked", (("mr", "is", True),)),
)  # fmt: skip
"""`Protocol.checks_required` names codes of this list, or a site's own."""

BY_CHECK: dict[str, Check] = {check.code: check for check in CHECKLIST}


def holds(condition: Condition, known: dict[str, Any]) -> bool:
    """Whether `condition` holds of the facts `known`."""
    name, how, value = condition
    held = known[name]
    if how == "is":
        return bool(held == value)
    if how == "in":
        return held in value
    if held is None:
        return False
    return bool(held < value) if how == "below" else bool(held >= value)


IDENTITY = "identity"
"""The check of the wristband: never left out, never set aside."""


def spoken(request: Request, protocol: Protocol, now: datetime) -> tuple[Alert, ...]:
    """The rules that speak of this patient and this protocol, in the order of `RULES`."""
    known = facts(request, protocol, now)
    return tuple(
        Alert(rule=rule.code, level=rule.level)
        for rule in RULES
        if all(holds(condition, known) for condition in rule.when)
    )


def checks_for(request: Request, protocol: Protocol, now: datetime) -> tuple[Check, ...]:
    """The items of the checklist that this protocol asks for."""
    known = facts(request, protocol, now)
    return tuple(
        check
        for check in CHECKLIST
        if check.code in protocol.checks_required
        or all(holds(condition, known) for condition in check.when)
    )


def required_checks(request: Request, protocol: Protocol, now: datetime) -> tuple[str, ...]:
    """The codes that a checklist must answer: those above, then the site's own."""
    ours = (check.code for check in checks_for(request, protocol, now))
    return tuple(dict.fromkeys((*ours, *filter(None, protocol.checks_required))))


def strange_item(items: Iterable[CheckItem], protocol: Protocol) -> Refused | None:
    """The refusal for an item that no checklist of this protocol has, or that stands twice.

    It names the item by its place: what a client writes there may be anything.
    """
    known = {*BY_CHECK, *protocol.checks_required}
    for n, item in enumerate(items, start=1):
        if item.code not in known:
            return refusals.strange_item(n, BY_CHECK)
        known.discard(item.code)
    return None


def wrong_patient(items: Iterable[CheckItem]) -> bool:
    """Whether the identity was checked and does not hold: the one finding that nobody overrides."""
    return any(item.code == IDENTITY and item.answer == "not_ok" for item in items)


def unanswered(
    items: Iterable[CheckItem], required: Iterable[str], overrides: Iterable[Override]
) -> Refused | None:
    """The refusal that names every required item which is neither answered nor set aside."""
    done = {item.code for item in items} | (_aside(overrides) - {IDENTITY})
    missing = [(code, topic_of(f"check.{code}")) for code in required if code not in done]
    return refusals.unchecked(missing) if missing else None


def check_alerts(items: Iterable[CheckItem], required: Iterable[str]) -> tuple[Alert, ...]:
    """What the answers leave open: `check.CODE`, to be overridden where a check failed or a
    required one is missing, a warning where it is not known."""
    answers = {item.code: item.answer for item in items}
    failed = [code for code, answer in answers.items() if answer == "not_ok"]
    missing = [code for code in required if code not in answers]
    unknown = [code for code, answer in answers.items() if answer == "unknown"]
    return (
        *(Alert(rule=f"check.{code}", level=OVERRIDE) for code in (*failed, *missing)),
        *(Alert(rule=f"check.{code}", level=WARN) for code in unknown),
    )


def _aside(overrides: Iterable[Override]) -> set[str]:
    """What was set aside; `check.` before the code of an item may be left out."""
    return {override.rule.removeprefix("check.") for override in overrides}


def not_overridden(alerts: Iterable[Alert], overrides: Iterable[Override]) -> Refused | None:
    """The refusal for the first alert that needs an override and has none."""
    aside = _aside(overrides)
    for alert in alerts:
        if alert.level == OVERRIDE and alert.rule.removeprefix("check.") not in aside:
            fr, en = topic_of(alert.rule)
            return refusals.unsafe(fr, en, alert.rule)
    return None


def topic_of(code: str) -> Words:
    """What a rule, or a check that failed or is missing, is about."""
    if rule := BY_CODE.get(code):
        return TOPICS[rule.topic]
    check = BY_CHECK.get(code.removeprefix("check."))
    return (check.fr, check.en) if check else ("vérification du protocole", "check of the protocol")

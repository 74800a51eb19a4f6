"""The sentences of an e-mail or an SMS. The web client has its own, in its service worker."""

from hub.notify.notice import Labels, Notice, label_of
from hub.room.alerts import AlertKind

K = AlertKind

FR: dict[AlertKind, str] = {
    K.REQUEST: "demande d'examen à prendre en charge",
    K.PROTOCOL: "protocole à relire et confirmer",
    K.OFFER: "examen proposé, à reprendre",
    K.INVITATION: "votre avis est demandé",
    K.INCIDENT: "incident signalé",
    K.RING: "on vous appelle",
    K.CRITICAL: "résultat critique à confirmer",
    K.OPINION: "deuxième avis demandé",
    K.HANDOVER: "relève proposée",
    K.TEST: "essai des alertes",
}
EN: dict[AlertKind, str] = {
    K.REQUEST: "imaging request to take",
    K.PROTOCOL: "protocol to read back",
    K.OFFER: "exam offered to you",
    K.INVITATION: "your opinion is asked for",
    K.INCIDENT: "incident reported",
    K.RING: "you are being called",
    K.CRITICAL: "critical result to acknowledge",
    K.OPINION: "second opinion asked for",
    K.HANDOVER: "handover offered",
    K.TEST: "test of the alerts",
}


def sentence(notice: Notice, labels: Labels) -> str:
    """One line: urgency, what for, where, and what to do."""
    english = notice.lang == "en"
    what = (EN if english else FR)[notice.kind]
    open_it = "Open examroom." if english else "Ouvrez examroom."
    parts = (notice.urgency.value, what, label_of(labels, notice.site))
    return f"{' · '.join(part for part in parts if part)}. {open_it}"


def subject(notice: Notice) -> str:
    """The subject of an e-mail."""
    what = (EN if notice.lang == "en" else FR)[notice.kind]
    return f"examroom · {notice.urgency.value} · {what}"

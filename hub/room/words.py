"""The words of the ward for what the tables name: French first, English beside it, as data."""

from hub.room.roles import Role
from hub.room.stages import Stage, Urgency

Words = tuple[str, str]
"""(French, English)."""

ROLES: dict[Role, Words] = {
    Role.REQUESTER: ("médecin demandeur", "requesting physician"),
    Role.PROXIMITY_PHYSICIAN: ("médecin de proximité", "physician on site"),
    Role.TECHNOLOGIST: ("manipulateur", "technologist"),
    Role.REGULATOR: ("radiologue régulateur", "regulating radiologist"),
    Role.RADIOLOGIST: ("téléradiologue de garde", "on-call teleradiologist"),
    Role.SUBSPECIALIST: ("radiologue expert", "subspecialist"),
    Role.COORDINATOR: ("coordonnateur", "coordinator"),
    Role.PHYSICIST: ("physicien médical", "medical physicist"),
    Role.QUALITY: ("référent qualité", "quality referent"),
    Role.AUDITOR: ("auditeur", "auditor"),
    Role.ADMIN: ("administrateur", "administrator"),
    Role.SUPPORT: ("support technique", "technical support"),
    Role.SERVICE: ("compte de service", "service account"),
}

STAGES: dict[Stage, Words] = {
    Stage.REQUESTED: ("demande reçue", "requested"),
    Stage.INFO_NEEDED: ("renseignement attendu", "information needed"),
    Stage.CLAIMED: ("pris en charge", "claimed"),
    Stage.JUSTIFIED: ("justifié", "justified"),
    Stage.PROTOCOLLED: ("protocole envoyé", "protocol sent"),
    Stage.PROTOCOL_ACKNOWLEDGED: ("protocole relu", "protocol acknowledged"),
    Stage.READY: ("prêt", "ready"),
    Stage.ACQUIRING: ("acquisition en cours", "acquiring"),
    Stage.ACQUIRED: ("acquisition terminée", "acquired"),
    Stage.IMAGES_AVAILABLE: ("images disponibles", "images available"),
    Stage.READING: ("interprétation en cours", "reading"),
    Stage.REPORTED_PRELIM: ("compte rendu provisoire", "preliminary report"),
    Stage.REPORTED_FINAL: ("compte rendu signé", "final report"),
    Stage.ACKNOWLEDGED: ("compte rendu reçu", "report acknowledged"),
    Stage.CLOSED: ("clos", "closed"),
    Stage.REFUSED: ("refusé", "refused"),
    Stage.SUBSTITUTED: ("substitué", "substituted"),
    Stage.CANCELLED: ("annulé", "cancelled"),
    Stage.ABORTED: ("interrompu", "aborted"),
}

URGENCIES: dict[Urgency, Words] = {
    Urgency.P0: ("P0 vitale", "P0 vital"),
    Urgency.P1: ("P1 moins de 30 min", "P1 within 30 min"),
    Urgency.P2: ("P2 moins de 60 min", "P2 within 60 min"),
    Urgency.P3: ("P3 dans la journée", "P3 today"),
}

COMMANDS: dict[str, Words] = {
    "request.submit": ("Envoyer la demande", "Send the request"),
    "request.amend": ("Corriger la demande", "Amend the request"),
    "request.cancel": ("Annuler la demande", "Cancel the request"),
    "information.ask": ("Demander un renseignement", "Ask for information"),
    "information.answer": ("Répondre à la question", "Answer the question"),
    "case.claim": ("Prendre en charge", "Claim"),
    "case.release": ("Rendre l'examen", "Release"),
    "case.reassign": ("Proposer à un confrère", "Offer to a colleague"),
    "case.decline": ("Décliner l'appel", "Decline the call"),
    "justification.decide": ("Décider de la justification", "Decide on justification"),
    "protocol.issue": ("Envoyer le protocole", "Issue the protocol"),
    "protocol.amend": ("Modifier le protocole", "Amend the protocol"),
    "protocol.query": ("Questionner le protocole", "Query the protocol"),
    "protocol.answer": ("Répondre sur le protocole", "Answer the query"),
    "protocol.acknowledge": ("Relire et confirmer", "Read back and acknowledge"),
    "checklist.complete": ("Valider les vérifications", "Complete the checklist"),
    "acquisition.start": ("Démarrer l'acquisition", "Start the acquisition"),
    "acquisition.end": ("Terminer l'acquisition", "End the acquisition"),
    "acquisition.abort": ("Interrompre l'acquisition", "Abort the acquisition"),
    "contrast.record": ("Noter le contraste injecté", "Record the contrast given"),
    "reaction.report": ("Signaler une réaction", "Report a reaction"),
    "images.declare": ("Images envoyées", "Images sent"),
    "patient.release": ("Libérer le patient", "Release the patient"),
    "dose.record": ("Saisir la dose", "Record the dose"),
    "reading.start": ("Commencer l'interprétation", "Start reading"),
    "reading.stop": ("Rendre l'interprétation", "Stop reading"),
    "report.issue": ("Diffuser le compte rendu provisoire", "Issue the preliminary report"),
    "report.sign": ("Signer le compte rendu", "Sign the report"),
    "addendum.sign": ("Signer un avenant", "Sign an addendum"),
    "report.deliver": ("Noter une remise du compte rendu", "Record a delivery of the report"),
    "report.acknowledge": ("Accuser réception du compte rendu", "Acknowledge the report"),
    "clock.pause": ("Suspendre les délais", "Pause the clocks"),
    "clock.resume": ("Reprendre les délais", "Resume the clocks"),
    "image.share": ("Montrer une image", "Share an image"),
    "message.post": ("Écrire", "Post a message"),
    "message.retract": ("Retirer un message", "Retract a message"),
    "quick.reply": ("Réponse rapide", "Quick reply"),
    "member.invite": ("Inviter", "Invite"),
    "member.remove": ("Retirer de la salle", "Remove from the room"),
    "ring.start": ("Appeler dans la salle", "Call into the room"),
    "ring.answer": ("Répondre à l'appel", "Answer the call"),
    "ring.decline": ("Décliner l'appel", "Decline the call"),
    "ring.stop": ("Arrêter l'appel", "Stop the call"),
    "critical.raise": ("Signaler un résultat critique", "Raise a critical result"),
    "critical.attempt": ("Noter une tentative", "Record an attempt"),
    "critical.acknowledge": ("Confirmer le résultat critique", "Acknowledge the critical result"),
    "critical.close": ("Clore le résultat critique", "Close the critical result"),
    "opinion.ask": ("Demander un deuxième avis", "Ask for a second opinion"),
    "opinion.accept": ("Accepter la demande d'avis", "Accept the question"),
    "opinion.decline": ("Décliner la demande d'avis", "Decline the question"),
    "opinion.answer": ("Donner son avis", "Give the opinion"),
    "opinion.conclude": ("Conclure sur l'avis", "Conclude on the opinion"),
    "opinion.withdraw": ("Retirer la demande d'avis", "Withdraw the question"),
    "review.record": ("Relire le compte rendu", "Review the report"),
    "handover.offer": ("Proposer la relève", "Offer the handover"),
    "handover.accept": ("Accepter la relève", "Accept the handover"),
    "handover.decline": ("Décliner la relève", "Decline the handover"),
    "handover.withdraw": ("Retirer la relève proposée", "Withdraw the handover"),
    "incident.open": ("Déclarer un incident", "Open an incident"),
    "incident.close": ("Clore l'incident", "Close the incident"),
    "room.close": ("Clore la salle", "Close the room"),
    "room.reopen": ("Rouvrir la salle", "Reopen the room"),
}
"""Every command."""

EVENTS: dict[str, Words] = {
    "request.submitted": ("Demande envoyée", "Request submitted"),
    "request.amended": ("Demande corrigée", "Request amended"),
    "request.cancelled": ("Demande annulée", "Request cancelled"),
    "information.asked": ("Renseignement demandé", "Information asked"),
    "information.answered": ("Réponse donnée", "Information answered"),
    "case.claimed": ("Examen pris en charge", "Exam claimed"),
    "case.released": ("Examen rendu", "Exam released"),
    "case.reassigned": ("Examen proposé à un confrère", "Exam offered to a colleague"),
    "case.declined": ("Appel décliné", "Call declined"),
    "justification.decided": ("Justification décidée", "Justification decided"),
    "protocol.issued": ("Protocole envoyé", "Protocol issued"),
    "protocol.amended": ("Protocole modifié", "Protocol amended"),
    "protocol.queried": ("Question sur le protocole", "Protocol queried"),
    "protocol.answered": ("Réponse sur le protocole", "Protocol query answered"),
    "protocol.acknowledged": ("Protocole relu et confirmé", "Protocol acknowledged"),
    "checklist.completed": ("Vérifications validées", "Checklist completed"),
    "acquisition.started": ("Acquisition démarrée", "Acquisition started"),
    "acquisition.ended": ("Acquisition terminée", "Acquisition ended"),
    "acquisition.aborted": ("Acquisition interrompue", "Acquisition aborted"),
    "contrast.recorded": ("Contraste injecté", "Contrast given"),
    "reaction.reported": ("Réaction du patient", "Reaction of the patient"),
    "images.declared": ("Images envoyées", "Images sent"),
    "patient.released": ("Patient libéré", "Patient released"),
    "dose.recorded": ("Dose saisie", "Dose recorded"),
    "reading.started": ("Interprétation commencée", "Reading started"),
    "reading.stopped": ("Interprétation rendue", "Reading stopped"),
    "report.issued": ("Compte rendu provisoire", "Preliminary report"),
    "report.signed": ("Compte rendu signé", "Report signed"),
    "addendum.signed": ("Avenant signé", "Addendum signed"),
    "report.delivered": ("Compte rendu remis", "Report delivered"),
    "report.acknowledged": ("Compte rendu reçu", "Report acknowledged"),
    "clock.paused": ("Délais suspendus", "Clocks paused"),
    "clock.resumed": ("Délais repris", "Clocks resumed"),
    "image.shared": ("Image montrée", "Image shared"),
    "message.posted": ("Message", "Message"),
    "message.retracted": ("Message retiré", "Message retracted"),
    "quick.replied": ("Réponse rapide", "Quick reply"),
    "member.invited": ("Personne invitée", "Person invited"),
    "member.removed": ("Personne retirée de la salle", "Person removed"),
    "ring.started": ("Appel lancé", "Call started"),
    "ring.answered": ("Appel répondu", "Call answered"),
    "ring.declined": ("Appel décliné", "Call declined"),
    "ring.stopped": ("Appel arrêté", "Call stopped"),
    "ring.escalated": ("Appel étendu", "Call escalated"),
    "ring.alerted": ("Nouvelle sonnerie", "Rung again"),
    "ring.exhausted": ("Personne n'a répondu : téléphonez", "Nobody answered: phone"),
    "critical.raised": ("Résultat critique signalé", "Critical result raised"),
    "critical.attempted": ("Tentative d'information", "Attempt to tell it"),
    "critical.escalated": ("Résultat critique : appel élargi", "Critical result escalated"),
    "critical.exhausted": (
        "Résultat critique sans réponse : téléphonez",
        "Critical result unanswered: phone",
    ),
    "critical.overdue": ("Résultat critique hors délai", "Critical result overdue"),
    "critical.acknowledged": ("Résultat critique reçu et relu", "Critical result acknowledged"),
    "critical.closed": ("Résultat critique clos", "Critical result closed"),
    "opinion.asked": ("Deuxième avis demandé", "Second opinion asked"),
    "opinion.accepted": ("Demande d'avis acceptée", "Question accepted"),
    "opinion.declined": ("Demande d'avis déclinée", "Question declined"),
    "opinion.answered": ("Deuxième avis donné", "Second opinion given"),
    "opinion.concluded": ("Avis conclu", "Opinion concluded"),
    "opinion.withdrawn": ("Demande d'avis retirée", "Question withdrawn"),
    "review.recorded": ("Compte rendu relu", "Report reviewed"),
    "handover.offered": ("Relève proposée", "Handover offered"),
    "handover.accepted": ("Relève acceptée", "Handover accepted"),
    "handover.declined": ("Relève déclinée", "Handover declined"),
    "handover.withdrawn": ("Relève retirée", "Handover withdrawn"),
    "handover.lapsed": ("Relève sans réponse", "Handover lapsed"),
    "incident.opened": ("Incident déclaré", "Incident opened"),
    "incident.closed": ("Incident clos", "Incident closed"),
    "room.closed": ("Salle close", "Room closed"),
    "room.reopened": ("Salle rouverte", "Room reopened"),
    "deadline.predicted": ("Délai menacé", "Deadline at risk"),
    "deadline.passed": ("Délai dépassé", "Deadline passed"),
    "withheld": ("Réservé aux soignants", "Reserved to the care team"),
}

CLOCKS: dict[str, Words] = {
    "claim": ("demande → prise en charge", "request → claim"),
    "information": ("question → réponse", "question → answer"),
    "protocol": ("prise en charge → protocole", "claim → protocol"),
    "acknowledge": ("protocole → relecture", "protocol → acknowledgement"),
    "start": ("relecture → démarrage", "acknowledgement → start"),
    "acquisition": ("durée d'acquisition", "acquisition time"),
    "images": ("acquisition → images", "acquisition → images"),
    "reading": ("images → compte rendu", "images → report"),
    "report": ("compte rendu → accusé", "report → acknowledgement"),
    "total": ("demande → compte rendu", "request → report"),
}

QUICK_REPLIES: dict[str, Words] = {
    "patient_on_table": ("Patient installé sur la table.", "Patient on the table."),
    "patient_on_the_way": ("Patient en route.", "Patient on the way."),
    "iv_ok": ("Voie veineuse en place, perméable.", "IV access in place and patent."),
    "no_venous_access": ("Pas d'abord veineux.", "No venous access."),
    "patient_moved": ("Le patient a bougé : refaire ?", "Patient moved: repeat?"),
    "images_sent": ("Images envoyées.", "Images sent."),
    "call_me": ("Appelez-moi.", "Call me."),
    "reaction": ("RÉACTION : je m'occupe du patient.", "REACTION: attending to the patient."),
    "understood": ("Bien reçu.", "Understood."),
    "not_understood": ("Pas compris : précisez.", "Not understood: please clarify."),
    "wait": ("Un instant.", "One moment."),
    "looking": ("Je regarde les images.", "Looking at the images."),
    "patient_may_leave": ("Le patient peut sortir de table.", "The patient may leave the table."),
    "keep_patient": ("Gardez le patient sur la table.", "Keep the patient on the table."),
}
"""Code -> words. The event holds the code; each reader sees it in their own language."""

INCIDENTS: dict[str, Words] = {
    "technical": ("technique", "technical"),
    "network": ("réseau", "network"),
    "scanner": ("appareil", "scanner"),
    "contrast_reaction": ("réaction au produit de contraste", "contrast reaction"),
    "identity": ("identité", "identity"),
    "other": ("autre", "other"),
}

IDENTITIES: dict[str, Words] = {
    "provisional": ("identité provisoire", "provisional identity"),
    "validated": ("identité validée", "validated identity"),
    "qualified": ("identité qualifiée", "qualified identity"),
    "merged": ("identités fusionnées", "merged identity"),
    "suspect": ("identité douteuse", "suspect identity"),
}
"""Status of the identity (RNIV)."""

CAUSES: dict[str, Words] = {
    "information": ("attente d'un renseignement", "waiting for information"),
    "patient": ("attente du patient", "waiting for the patient"),
    "scanner": ("attente de l'appareil", "waiting for the scanner"),
    "network": ("attente du réseau", "waiting for the network"),
}
"""Why clocks are paused (domain.md 4.4)."""

REPORTS: dict[str, Words] = {
    "draft": ("brouillon", "draft"),
    "preliminary": ("compte rendu provisoire", "preliminary report"),
    "final": ("compte rendu définitif", "final report"),
    "addendum": ("avenant", "addendum"),
}

SECTIONS: dict[str, Words] = {
    "indication": ("Indication", "Indication"),
    "technique": ("Technique", "Technique"),
    "contrast": ("Produit de contraste", "Contrast"),
    "dose": ("Dose", "Dose"),
    "comparison": ("Comparaison", "Comparison"),
    "findings": ("Résultats", "Findings"),
    "conclusion": ("Conclusion", "Conclusion"),
}

PHANTOMS: dict[str, Words] = {
    "head_16": ("fantôme tête 16 cm", "16 cm head phantom"),
    "body_32": ("fantôme corps 32 cm", "32 cm body phantom"),
}

CHANNELS: dict[str, Words] = {
    "room": ("dans la salle", "in the room"),
    "phone": ("par téléphone", "by phone"),
    "print": ("sur papier", "on paper"),
    "fax": ("par télécopie", "by fax"),
    "secure_mail": ("par messagerie sécurisée", "by secure mail"),
    "patient_file": ("au dossier patient", "into the patient's file"),
    "other": ("autrement", "otherwise"),
}
PURPOSES: dict[str, Words] = {
    "case": ("prise en charge de l'examen", "taking the exam"),
    "ask": ("question posée", "a question"),
    "critical": ("résultat critique", "critical result"),
}
"""What a ring is about."""

PASSED_OVER: dict[str, Words] = {
    "dnd": ("ne pas déranger", "do not disturb"),
    "away": ("absent", "away"),
    "loop": ("renvois en boucle", "forwards in a circle"),
    "declined": ("a décliné", "declined"),
    "removed": ("retiré de la salle", "taken out of the room"),
}
"""Why a step of a ring passes somebody over."""

LAPSED: Words = (
    "Titulaire injoignable avant d'avoir prescrit : l'appel reprend.",
    "The owner vanished before prescribing: the call goes out again.",
)
"""The reason that the hub gives when it takes an exam back (`case.released`, `lapsed`)."""

CRITICAL_METHODS: dict[str, Words] = {
    "room": ("dans la salle", "in the room"),
    "phone": ("par téléphone", "by phone"),
    "in_person": ("de vive voix", "in person"),
    "video": ("en visioconférence", "by video call"),
    "pager": ("par récepteur d'appel", "by pager"),
    "message": ("par message", "by message"),
    "other": ("autrement", "otherwise"),
}
"""How a critical result was told."""

OUTCOMES: dict[str, Words] = {
    "reached": ("joint", "reached"),
    "no_answer": ("pas de réponse", "no answer"),
    "busy": ("occupé", "busy"),
    "left_message": ("message laissé", "message left"),
    "refused": ("n'a pas voulu recevoir", "would not take it"),
    "wrong_person": ("mauvais interlocuteur", "wrong person"),
}
"""What came of an attempt to tell it."""

CATEGORY_WORDS: dict[int, Words] = {
    1: ("catégorie 1 : dans les minutes, de vive voix", "category 1: within minutes, by word"),
    2: ("catégorie 2 : dans les heures", "category 2: within hours"),
    3: ("catégorie 3 : dans les jours", "category 3: within days"),
}

GRADES: dict[str, Words] = {
    "agree": ("concordant", "agree"),
    "minor": ("discordance mineure", "minor discrepancy"),
    "major": ("discordance majeure", "major discrepancy"),
}
"""Of a second opinion and of a review."""

IMPACTS: dict[str, Words] = {
    "none": ("sans conséquence", "no impact"),
    "potential": ("conséquence possible", "potential impact"),
    "actual": ("conséquence pour le patient", "impact on the patient"),
    "unknown": ("conséquence inconnue", "impact unknown"),
}

LOOPS: dict[str, Words] = {
    "exam": ("examen en charge", "exam in charge"),
    "patient": ("patient suivi comme demandeur", "patient followed as requester"),
    "question": ("question à laquelle répondre", "question to answer"),
    "critical": ("résultat critique à transmettre", "critical result to get through"),
    "receipt": ("résultat critique à confirmer", "critical result to acknowledge"),
    "report": ("compte rendu à confirmer", "report to acknowledge"),
    "opinion": ("deuxième avis demandé", "second opinion asked"),
    "advice": ("deuxième avis à donner", "second opinion to give"),
}
"""What somebody answers for in a room (`loops.Loop`)."""

MEASURES: dict[str, Words] = {
    f"critical_{n}": (
        f"résultat critique de catégorie {n} → réception",
        f"critical result of category {n} → receipt",
    )
    for n in (1, 2, 3)
}
"""Times that walls and figures tell beside the clocks of the stages."""

"""A signed report read again by somebody who did not sign it: grade, impact, words."""

from hub.room import refusals
from hub.room.loop_commands import ReviewRecord
from hub.room.loop_events import ReviewRecorded
from hub.room.room import Room
from hub.room.scene import Answer, Scene


def is_signed(room: Room) -> bool:
    """Whether the room has a final report."""
    return room.report is not None and room.report.content.status == "final"


def record(command: ReviewRecord, scene: Scene) -> Answer:
    """Same grades as a second opinion; never by whoever signed."""
    room = scene.room
    if room.report is None or not is_signed(room):
        return refusals.no_report()
    signers = {one.content.signer for one in (room.report, *room.addenda)}
    if scene.by.person in signers:
        return refusals.forbidden(
            "Un compte rendu est relu par quelqu'un qui ne l'a pas signé.",
            "A report is reviewed by somebody who did not sign it.",
        )
    if command.grade == "agree" and command.impact in ("potential", "actual"):
        return refusals.body(
            "impact",
            "Une relecture concordante n'a pas de conséquence : corrigez l'un ou l'autre.",
            "A review that agrees has no impact: change one or the other.",
        )
    if command.grade == "major" and not command.text.strip():
        return refusals.body(
            "text",
            "Une discordance majeure se décrit : dites en quoi.",
            "A major discrepancy is described: say in what.",
        )
    request, protocol = room.request, room.protocol
    wanted = request.modality_wanted if request else ""
    return (
        ReviewRecorded(
            grade=command.grade,
            impact="none" if command.grade == "agree" else command.impact,
            version=(room.addenda[-1] if room.addenda else room.report).content.version,
            text=command.text,
            site=room.site,
            modality=protocol.protocol.modality if protocol else wanted,
        ),
    )

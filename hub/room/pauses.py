"""Clocks that a person stops, with the cause, and lets go on (domain.md 4.4)."""

from hub.room import refusals
from hub.room.clocks import running
from hub.room.reading_commands import ClockPause, ClockResume
from hub.room.reading_events import ClockPaused, ClockResumed
from hub.room.scene import Answer, Scene


def pause(command: ClockPause, scene: Scene) -> Answer:
    """Stops every clock that runs; the exam's next stage lets them go on, if nobody does before."""
    names = running(scene.room.clocks)
    if scene.room.pause is not None or not names:
        return refusals.conflict(
            "Aucun délai à suspendre : ils sont déjà suspendus, ou rien n'est promis à ce stade.",
            "No clock to pause: they are paused already, or nothing is promised at this stage.",
        )
    return (ClockPaused(cause=command.cause, clocks=names, note=command.note),)


def resume(command: ClockResume, scene: Scene) -> Answer:
    """Lets the clocks go on."""
    if scene.room.pause is None:
        return refusals.conflict(
            "Les délais ne sont pas suspendus : il n'y a rien à faire.",
            "The clocks are not paused: nothing to do.",
        )
    return (ClockResumed(note=command.note),)

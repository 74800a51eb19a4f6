/** When it rings: a room waits for me, or something went wrong in one that I have to do with. */
import type { ReadonlySignal } from "@preact/signals";
import { isMine, type Me } from "./mine";
import * as alarm from "./alarm";
import type { Invitations } from "./asked";
import type { RoomState, Route, Row, Unsent } from "./types";

/** The room that it rings for because it waits for me; an incident rings on whoever's the move is. */
let waited = "";

/** Somebody has answered, or I have declined: what no longer waits for me falls silent at once. */
export function answered(ringing: string, mine: readonly Row[]): void {
  if (ringing !== "" && ringing === waited && !mine.some((row) => row.room === ringing)) alarm.silence();
}

/** A room waits for me since now: ring, unless I am looking at it. */
export function becameMine(row: Row, at: Route): void {
  const looking = at.page === "room" && at.room === row.room && document.visibilityState === "visible";
  if (looking) return;
  waited = row.room;
  alarm.ring(row.room, row.urgency);
}

/** Looking at a room is the answer to what rings there, and to an invitation into it. */
export function lookedAt(at: Route, me: Me, rooms: ReadonlyMap<string, { state: ReadonlySignal<RoomState | null> }>, invitations: Invitations): void {
  if (document.visibilityState === "hidden" || at.page !== "room") return;
  if (at.room === alarm.ringing.value) alarm.silence();
  const asked = rooms.get(at.room)?.state.value?.asked[me.person];
  if (asked?.act === "member.invite") invitations.came(me.person, at.room, asked.asked.at);
}

/**
 * An incident rings for those who have to do with the exam, but not for who declared it. `open`: the
 * state of the room where it is open here; `unsent`: what I gave and have no answer to.
 */
export function incidentIn(row: Row, me: Me, open: RoomState | null | undefined, unsent: readonly Unsent[]): void {
  const own = open?.incidents.at(-1)?.opened.person === me.person
    || unsent.some((one) => one.room === row.room && one.kind === "incident.open");
  const concerned = open !== undefined || isMine(row.next_move, me) || ["technologist", "proximity_physician"].includes(me.role)
    || row.owner?.person === me.person || row.requester?.person === me.person;
  if (!concerned || own) return;
  waited = "";
  alarm.ring(row.room, "P0");
}

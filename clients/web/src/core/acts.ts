/** What I may do now: the server's own table, asked for this role, this stage, this room. */
import { isMine, type Me } from "./mine";
import { tables, type CommandRow } from "./tables";
import type { Act, CommandKind, Evt, PersonMark, Present, Receipt, RoomState, Stage } from "./types";

/** The acts that are possible now, the one that the room waits for first. */
export function possible(room: RoomState, me: Me): Act[] {
  const found: Act[] = [];
  for (const [kind, row] of Object.entries(tables.commands) as [CommandKind, CommandRow][]) {
    const moves = row.moves[room.stage];
    if (moves === undefined || !row.roles.includes(me.role) || !fits(kind, room, me)) continue;
    const next = [...new Set(Object.values(moves))];
    const to: Stage | null = next.length === 1 && next[0] !== room.stage ? next[0]! : null;
    found.push({ kind, to, waited: (room.next_move?.act === kind && isMine(room.next_move, me)) || offered(kind, room, me) });
  }
  return found.sort((a, b) => Number(b.waited) - Number(a.waited));
}

/** An exam that is offered to me waits for me, whosever the next move is. */
const offered = (kind: CommandKind, room: RoomState, me: Me): boolean => kind === "case.claim" && room.offered_to === me.person;

/** What depends on more than the table, where refusing is certain: not offered at all. */
function fits(kind: CommandKind, room: RoomState, me: Me): boolean {
  const mine = room.owner?.person === me.person;
  switch (kind) {
    case "case.claim":
      return !mine;
    case "case.release":
    case "case.reassign":
      return room.owner !== null && (mine || kind === "case.reassign" || me.role === "regulator");
    case "justification.decide":
      return room.owner === null || mine || me.role === "regulator";
    case "protocol.acknowledge":
      return room.queries.every((query) => query.answered !== null);
    case "information.answer":
      return room.questions.some((question) => question.answered === null);
    case "protocol.answer":
      return room.queries.some((query) => query.answered === null);
    case "incident.close":
      return room.incidents.length > 0;
    case "message.retract":
      return room.messages > 0;
    // shown where a ring is shown, not among the acts of the room
    case "case.decline":
    case "ring.start":
    case "ring.answer":
    case "ring.decline":
    case "ring.stop":
      return false;
    default:
      return fitsLoop(kind, room, me);
  }
}

/** The same of reading, reports and what stays open until somebody answers for it. */
function fitsLoop(kind: CommandKind, room: RoomState, me: Me): boolean {
  const read = room.reader?.person === me.person;
  const unheard = room.criticals.filter((one) => one.receipt === null && one.closed === null);
  const opinions = (states: readonly string[], mine: (one: RoomState["opinions"][number]) => boolean): boolean =>
    room.opinions.some((one) => states.includes(one.state) && mine(one));
  const asked = (one: RoomState["opinions"][number]): boolean => one.to === me.person || one.adviser?.person === me.person || (one.to === "" && one.asked.person !== me.person);
  switch (kind) {
    case "reading.start":
      return !read;
    case "reading.stop":
    case "report.issue":
    case "report.sign":
      return read;
    case "clock.pause":
      return room.pause === null;
    case "clock.resume":
      return room.pause !== null;
    case "patient.release":
      return room.released === null;
    case "critical.attempt":
    case "critical.acknowledge":
      return unheard.length > 0;
    case "critical.close":
      return room.criticals.some((one) => one.closed === null && (one.receipt !== null || one.category > 1));
    case "opinion.accept":
    case "opinion.decline":
      return opinions(["asked"], asked);
    case "opinion.answer":
      return opinions(["asked", "accepted"], asked);
    case "opinion.conclude":
      return opinions(["answered"], (one) => one.holder === me.person || one.asked.person === me.person);
    case "opinion.withdraw":
      return opinions(["asked", "accepted"], (one) => one.asked.person === me.person);
    case "review.record":
      return room.report !== null && room.report.content.signer !== me.person;
    case "handover.accept":
    case "handover.decline":
      return room.handovers.some((one) => one.to === me.person);
    case "handover.withdraw":
      return room.handovers.some((one) => one.offered.person === me.person);
    default:
      return true;
  }
}

/** `after` of a command by default: what I had seen, where something unseen could conflict. */
export function seenUpTo(kind: CommandKind, room: RoomState | null): number | undefined {
  return room !== null && tables.commands[kind].conflicts.length > 0 ? room.seq : undefined;
}

/** stored → delivered → seen → acknowledged, for each member but its author. `here`: null unknown. */
export function marks(evt: Evt, room: RoomState, receipts: Receipt[], here: Present[] | null, replied: ReadonlySet<string>): PersonMark[] {
  const found: PersonMark[] = [];
  for (const [person, member] of Object.entries(room.members)) {
    if (person === evt.from.person || member.role === "service") continue;
    let got = 0;
    let seen = 0;
    for (const receipt of receipts) {
      if (receipt.person !== person) continue;
      got = Math.max(got, receipt.got);
      seen = Math.max(seen, receipt.seen);
    }
    const there = here?.find((one) => one.person === person);
    let mark: PersonMark["mark"] = "stored";
    if (acknowledged(evt, room, person, replied)) mark = "acknowledged";
    else if (seen >= evt.seq) mark = "seen";
    else if (got >= evt.seq) mark = "delivered";
    else if (here !== null && (there === undefined || there.state === "unreachable")) mark = "unreachable";
    found.push({ person, name: member.name, role: member.role as PersonMark["role"], mark });
  }
  return found;
}

function acknowledged(evt: Evt, room: RoomState, person: string, replied: ReadonlySet<string>): boolean {
  if (evt.kind === "protocol.issued" || evt.kind === "protocol.amended") {
    const given = room.acknowledgement;
    return given !== null && given.given.person === person && given.content_hash === evt.body.content_hash;
  }
  return replied.has(person);
}

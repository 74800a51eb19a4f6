/** What waits for me in a room of the worklist: the next move, and what I am asked by name. */
import { signal } from "@preact/signals";
import { isMine, type Me } from "./mine";
import { draft, keepDraft } from "./shelf";
import type { Asked, Row } from "./types";

/** Room -> since when the invitation waits on which I came in. */
export type CameIn = Readonly<Record<string, string>>;

const KEY = "asked";
const KEPT = 200;

/** What `me` is asked by name in this room; an invitation is answered by coming in. */
export function askedOf(row: Row, me: Me, cameIn: CameIn): Asked | undefined {
  const found = row.asked?.find((one) => one.person === me.person);
  return found?.act === "member.invite" && cameIn[row.room] === found.since ? undefined : found;
}

/** Everything that waits for `me` there, each by a name of its own: a new one is news. */
export function waitsOf(row: Row, me: Me, cameIn: CameIn): string[] {
  const move = row.next_move;
  const asked = askedOf(row, me, cameIn);
  return [
    ...(move !== null && isMine(move, me) ? [`${move.act} ${move.since}`] : []),
    ...(asked === undefined ? [] : [`asked ${asked.act} ${asked.since}`]),
  ];
}

/** The invitations on which somebody came in, kept on this device until they log out. */
export class Invitations {
  readonly cameIn = signal<CameIn>({});

  load(person: string): void {
    try {
      this.cameIn.value = JSON.parse(draft(person, KEY) || "{}") as CameIn;
    } catch {
      this.cameIn.value = {};
    }
  }

  came(person: string, room: string, since: string): void {
    const before = this.cameIn.peek();
    if (before[room] === since) return;
    const { [room]: _, ...others } = before;
    this.cameIn.value = Object.fromEntries([...Object.entries(others).slice(1 - KEPT), [room, since]]);
    keepDraft(person, KEY, JSON.stringify(this.cameIn.peek()));
  }
}

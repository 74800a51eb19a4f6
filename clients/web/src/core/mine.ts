/** Whose move is it: what the worklist and the bells ask, without the tables that only rooms need. */
import type { Role, RoomState, Row } from "./types";

export interface Me {
  person: string;
  role: Role;
}

/** Is this next move mine: by name where one is named, else by role. */
export function isMine(move: RoomState["next_move"] | Row["next_move"], me: Me): boolean {
  if (move === null) return false;
  return move.person !== "" ? move.person === me.person : (move.roles as string[]).includes(me.role);
}

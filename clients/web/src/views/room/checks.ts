/** Which checks a protocol asks for: never fewer than the hub's own list, whose table this reads. Pure. */
import type { RoomState } from "../../core";
import { vocabulary } from "../../core/tables";

type Condition = [fact: string, how: string, value: unknown];

/** The codes, in the order of the gesture at the table; then the site's own. */
export function checksFor(state: Pick<RoomState, "request" | "protocol">): string[] {
  const protocol = state.protocol?.protocol;
  const contrast = Boolean(protocol?.contrast);
  const mr = protocol?.modality === "MR";
  // what the hub knows better (an age at this hour, a dose by weight) counts as true: asked once too often
  const known: Record<string, boolean> = { contrast, mr, iodine: contrast && !mr, could_be_pregnant: state.request?.patient.sex !== "M" };
  const asked = vocabulary.checklist.filter((check) => (check.when as Condition[]).every(([fact, how, value]) => how !== "is" || (known[fact] ?? value) === value));
  return [...new Set([...asked.map((check) => check.code), ...(protocol?.checks_required ?? []).filter(Boolean)])];
}

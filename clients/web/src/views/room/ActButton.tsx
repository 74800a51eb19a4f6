/** A button for an act of mine, there only while it is possible. */
import type { CommandKind, RoomView } from "../../core";
import { doing, type Doing } from "../overlay";
import { actWord } from "../words";

export function ActButton({ room, kind, about, primary, danger }: {
  room: RoomView; kind: CommandKind; about?: Doing["about"]; primary?: boolean; danger?: boolean;
}) {
  if (!room.may(kind)) return null;
  return (
    <button type="button" class={primary ? "primary" : danger ? "danger" : ""} data-act={kind} onClick={() => (doing.value = { room: room.id, kind, about })}>
      {actWord(kind)}
    </button>
  );
}

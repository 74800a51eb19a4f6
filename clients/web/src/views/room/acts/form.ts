/** What the host of acts and their forms agree on. */
import type { CommandBodies, CommandKind, Refusal, RoomState, RoomView } from "../../../core";
import type { Doing } from "../../overlay";

/** What every act form gets. */
export interface ActForm {
  room: RoomView;
  state: RoomState;
  about: NonNullable<Doing["about"]>;
  /** Give the command: closes the dialog where it was stored or kept, else `refusal` says why not. */
  give: <K extends CommandKind>(kind: K, body: CommandBodies[K]) => Promise<void>;
  refusal: Refusal | null;
  busy: boolean;
  close: () => void;
}

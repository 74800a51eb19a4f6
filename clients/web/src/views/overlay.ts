/** Which overlay is open, and which act of which room is being done: one at a time. */
import { signal } from "@preact/signals";
import type { CommandKind } from "../core";

export const overlay = signal<"" | "palette" | "keys" | "logout" | "devices">("");

export interface Doing {
  room: string;
  kind: CommandKind;
  /** What the act is about, where it is about one thing: a seq, a person. */
  about?: { seq?: number; person?: string; study?: string };
}

export const doing = signal<Doing | null>(null);

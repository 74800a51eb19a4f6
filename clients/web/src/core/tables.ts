/** The tables of the domain, written by the server's own generator: who may do what, and when. */
import {
  checklist,
  clocks,
  commands,
  critical,
  opening,
  query,
  quick_replies,
  restarts,
  safety,
  stages,
} from "../generated/tables.json";
import type { CommandKind, EventKind, Role, Stage } from "../generated/wire";

export interface Words {
  fr: string;
  en: string;
}

export interface Wait {
  act: string;
  roles: Role[];
  /** `requester`, `owner`, `technologist`, or "" where it is anybody of the roles. */
  person: string;
  clock: string;
}

/** Stage -> answer -> next stage. */
export type Moves = Partial<Record<Stage, Record<string, Stage>>>;

export interface CommandRow extends Words {
  event: EventKind;
  roles: Role[];
  stages: Stage[];
  moves: Moves;
  conflicts: EventKind[];
}

export interface ClockRow extends Words {
  runs_in: Stage[];
  pauses_in: Stage[];
  resumes: boolean;
  minutes: Record<string, number | null>;
}

export interface StageRow extends Words {
  main_line: boolean;
  exit: boolean;
  wait: Wait | null;
}

export interface RuleRow extends Words {
  code: string;
  level: string;
  source: string;
  topic: string;
}

export interface CheckRow extends Words {
  code: string;
  when: unknown[];
}

/** What is used here; the file holds more, which stays out of the first load. */
export interface Tables {
  opening: Stage;
  stages: Record<Stage, StageRow>;
  commands: Record<CommandKind, CommandRow>;
  clocks: Record<string, ClockRow>;
  restarts: Record<string, string>;
  query: { stages: Stage[]; wait: Wait };
  critical: { wait: Wait; phone: Wait };
}

/** Words that the hub's tables hold, for views that show them. */
export interface Vocabulary {
  quick_replies: Record<string, Words>;
  checklist: CheckRow[];
  rules: RuleRow[];
}

// The file is generated; tests/tables.test.ts holds it against these types where it matters.
const rules: unknown = { opening, stages, commands, clocks, restarts, query, critical };
const words: unknown = { quick_replies, checklist, rules: safety.rules };

export const tables = rules as Tables;
export const vocabulary = words as Vocabulary;

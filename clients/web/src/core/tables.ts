/** The tables of the domain, written by the server's own generator: who may do what, and when. */
import held from "../generated/tables.json";
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

export interface Tables {
  opening: Stage;
  stages: Record<Stage, StageRow>;
  roles: Record<Role, Words & { care: boolean }>;
  urgencies: Record<string, Words>;
  commands: Record<CommandKind, CommandRow>;
  acts: Record<string, Words>;
  events: Record<string, Words>;
  clocks: Record<string, ClockRow>;
  restarts: Record<string, string>;
  query: { stages: Stage[]; wait: Wait };
  asked: string[];
  quick_replies: Record<string, Words>;
  incidents: Record<string, Words>;
  identities: Record<string, Words>;
  checklist: CheckRow[];
  safety: { dated: string; topics: Record<string, Words>; rules: RuleRow[] };
  /** The same as `safety.rules`. */
  rules: RuleRow[];
  [table: string]: unknown;
}

// The file is generated; tests/tables.test.ts holds it against these types where it matters.
const given = held as unknown as Tables;

export const tables = { ...given, rules: given.safety.rules } as Tables;

/** What a checklist found: the finding itself, never the name of the check that found it. Pure. */
import type { RoomState } from "../../core";
import { plural, t, tMaybe } from "../../i18n";
import { checkWord } from "../words";

type Answers = NonNullable<RoomState["checklist"]>["answers"];
type Bad = "not_ok" | "unknown" | "missing";

export interface Finding {
  code: string;
  answer: Bad;
  note: string;
  /** Why it was gone on all the same. */
  reason: string;
}

/** "Identité NON vérifiée" */
export function findingWords(code: string, answer: Bad): string {
  return tMaybe(`finding.${answer}.${code}`, t(`finding.other.${answer}`, { check: checkWord(code) }));
}

/** What was not well: problems first, then what nobody answered, then what nobody knows. */
export function findings(answers: { items?: Partial<Answers["items"][number]>[]; overrides?: Answers["overrides"]; alerts?: Answers["alerts"] }): Finding[] {
  const reason = (code: string): string => answers.overrides?.find((one) => one.rule.replace(/^check\./, "") === code)?.reason ?? "";
  const items = answers.items ?? [];
  const of = (answer: Bad): Finding[] =>
    items.filter((one) => one.answer === answer).map((one) => ({ code: one.code ?? "", answer, note: one.note ?? "", reason: reason(one.code ?? "") }));
  const missing = (answers.alerts ?? []).map((one) => /^check\.(.+)/.exec(one.rule)?.[1] ?? "").filter((code) => code && !items.some((one) => one.code === code));
  return [...of("not_ok"), ...missing.map((code) => ({ code, answer: "missing" as const, note: "", reason: reason(code) })), ...of("unknown")];
}

/** "2 problèmes, 1 inconnu"; "" where all is well. */
export function counted(found: readonly Finding[]): string {
  const unknown = found.filter((one) => one.answer === "unknown").length;
  const bad = found.length - unknown;
  return [bad ? plural("finding.problems", bad) : "", unknown ? plural("finding.unknowns", unknown) : ""].filter(Boolean).join(", ");
}

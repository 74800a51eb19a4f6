/** Safety rules that speak: each can be set aside, with a reason, by a person who stands for it. */
import { TextField } from "../../../components/Field";
import { Notice } from "../../../components/Notice";
import type { Refusal } from "../../../core";
import { t } from "../../../i18n";
import { ruleWord } from "../../words";

export interface Reasoned {
  rule: string;
  reason: string;
}

/** The codes of the rules that a refusal names: "… (règle iodine_egfr_below_30)". */
export function rulesNamed(refusal: Refusal | null): string[] {
  if (refusal?.slug !== "unsafe") return [];
  return [...`${refusal.fr} ${refusal.en}`.matchAll(/\((?:règle|rule) ([\w.]+)\)/g)].map((found) => found[1]!).filter((code, i, all) => all.indexOf(code) === i);
}

/** The overrides with a box for each rule that the last refusal named and that has none yet. */
export function withNamed(overrides: readonly Reasoned[], refusal: Refusal | null): Reasoned[] {
  const known = new Set(overrides.map((one) => one.rule));
  return [...overrides, ...rulesNamed(refusal).filter((rule) => !known.has(rule)).map((rule) => ({ rule, reason: "" }))];
}

export function Overrides({ list, set }: { list: readonly Reasoned[]; set: (list: Reasoned[]) => void }) {
  return (
    <>{list.map((one) => (
      <Notice key={one.rule} tone="danger" live="polite">
        <p><b>{ruleWord(one.rule)}</b></p>
        <TextField
          label={t("rule.why")} hint={t("rule.why_hint")} rows={2} max={1000} value={one.reason}
          wrong={one.reason && one.reason.trim().length < 3 ? t("form.needed") : undefined}
          onInput={(reason) => set(list.map((other) => (other.rule === one.rule ? { ...other, reason } : other)))}
        />
      </Notice>
    ))}</>
  );
}

/** Words for codes: the catalogue, or the code itself where it has none. */
import type { CommandKind, Role } from "../core";
import { lang, tMaybe } from "../i18n";
import { format } from "../i18n/formats";

/** "FR / EN" texts of templates: the side of this language, or the whole where it is no pair. */
export function either(text: string): string {
  const sides = text.split(" / ");
  if (sides.length !== 2) return text;
  return (lang.value === "fr" ? sides[0] : sides[1]) ?? text;
}

export const region = (code: string): string => tMaybe(`region.${code}`, either(code));
export const regions = (codes: readonly string[]): string => codes.map(region).join(" + ");
export const phase = (code: string): string => tMaybe(`phase.${code}`, either(code));
export const role = (code: string): string => tMaybe(`role.${code}`, code);
export const stage = (code: string): string => tMaybe(`stage.${code}`, code);
export const modality = (code: string): string => tMaybe(`modality.${code}`, code);
export const checkWord = (code: string): string => tMaybe(`check.${code}`, code);
export const fieldWord = (path: string): string =>
  tMaybe(`field.${path}`, tMaybe(`field.${path.split(".").pop()!.replace(/\[.*/, "")}`, path));
export const clockWord = (code: string): string => tMaybe(`promise.${code}`, code);

/** The act as a button says it. */
export const actWord = (kind: CommandKind | string): string => tMaybe(`act.${kind}`, kind);

/** "radiologue ou régulateur" */
export function roles(codes: readonly Role[]): string {
  return format(Intl.ListFormat, lang.value, { type: "disjunction" }).format(codes.map(role));
}

/** What a safety rule says; of a check that failed, what it found. */
export const ruleWord = (code: string): string =>
  code.startsWith("check.") ? tMaybe(`finding.not_ok.${code.slice(6)}`, checkWord(code.slice(6))) : tMaybe(`rule.${code}`, code);

/** What a quick reply says. */
export const quickWord = (code: string): string => tMaybe(`quick.${code}`, code.replaceAll("_", " "));

const AT_SCANNER = ["patient_on_table", "iv_ok", "no_venous_access", "patient_moved", "images_sent", "call_me", "reaction", "understood", "not_understood", "wait"];
const READING = ["understood", "looking", "keep_patient", "patient_may_leave", "call_me", "wait", "not_understood"];
const ASKING = ["understood", "patient_on_the_way", "iv_ok", "no_venous_access", "call_me", "wait", "not_understood"];

/** The quick replies that a role mostly says, in the order of use. */
export function quickReplies(mine: Role): readonly string[] {
  if (mine === "technologist") return AT_SCANNER;
  return mine === "requester" || mine === "proximity_physician" ? ASKING : READING;
}

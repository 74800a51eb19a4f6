/**
 * Words in French and English: typed keys, plural and dates by Intl.
 *
 * French is there at once for the first load; the rest of it comes with the views that say it.
 */
import { signal } from "@preact/signals";
import type { Catalogue, Key } from "./catalogue";
import { format } from "./formats";
import { first } from "./fr/first";

export type { Catalogue, Key };
export type Lang = "fr" | "en";
/** Stem of keys that come as `stem_one` and `stem_other`. */
export type PluralKey = Key extends infer K ? (K extends `${infer Stem}_other` ? Stem : never) : never;
export type Params = Readonly<Record<string, string | number>>;

const KEPT = "examroom.lang";

export const lang = signal<Lang>("fr");
const french: Record<string, string> = { ...first };
const catalogue = signal<Readonly<Record<string, string>>>(french);

/** More French, from a view that is fetched later. Nothing shown had a use for it before. */
export function learn(words: Readonly<Record<string, string>>): void {
  Object.assign(french, words);
}

/** Switch the language of the page; English is read when it is first asked for. */
export async function setLang(next: Lang): Promise<void> {
  catalogue.value = next === "en" ? (await import("./en")).en : french;
  lang.value = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    /* Private mode: the choice lasts for this page. */
  }
}

/** The language chosen last time on this device; "" where none was. */
export function keptLang(): Lang | "" {
  try {
    const kept = localStorage.getItem(KEPT);
    return kept === "en" || kept === "fr" ? kept : "";
  } catch {
    return "";
  }
}

function fill(text: string, params?: Params): string {
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}

/** The words of `key`, with `{name}` places filled. */
export function t(key: Key, params?: Params): string {
  return fill(catalogue.value[key] ?? key, params);
}

/** The words of a key that is put together at run time, or `fallback` where there are none. */
export function tMaybe(key: string, fallback: string): string {
  return catalogue.value[key] ?? fallback;
}

/** The words of `stem_one` or `stem_other`, by the rules of the language; `{n}` is the number. */
export function plural(stem: PluralKey, n: number, params?: Params): string {
  const form = format(Intl.PluralRules, lang.value, {}).select(n) === "one" ? "one" : "other";
  return t(`${stem}_${form}` as Key, { n: number(n), ...params });
}

/** " (règle iodine_egfr_below_30)", " (patient.dob)": what the server names for machines beside its words. */
const CODES = / \((?:règle |rule )?([a-z]\w*(?:\[\d+\])?(?:\.\w+(?:\[\d+\])?)*)\)(?=([.,;:]?)( |$))/g;

/** A sentence that the server says in both languages; a field it names is said in words, a rule has been. */
export function said(both: { fr: string; en: string }): string {
  const text = lang.value === "fr" ? both.fr : both.en || both.fr;
  return text.replace(CODES, (whole, code: string, _end: string, _after: string, at: number) => {
    const last = at + whole.length === text.length;
    if (!last && !/[._[]/.test(code) && !/\((?:règle|rule) /.test(whole)) return whole; // a word in brackets
    const field = tMaybe(`field.${code.split(".").pop()!.replace(/\[.*/, "")}`, "");
    return field ? ` (${field})` : "";
  });
}

/** A number as this language writes it. */
export function number(n: number, digits = 2): string {
  return format(Intl.NumberFormat, lang.value, { maximumFractionDigits: digits }).format(n);
}

/** "a, b et c" */
export function list(items: readonly string[]): string {
  return format(Intl.ListFormat, lang.value, { type: "conjunction" }).format(items);
}

/** What differs between two protocols, field by field, with both values: pure. */
import type { RoomState } from "../../core";

export type Protocol = NonNullable<RoomState["protocol"]>["protocol"];

export interface Difference {
  /** Dotted path, series counted from 1: `series[2].kv`. */
  path: string;
  before: string;
  after: string;
}

const LEFT_OUT = new Set(["version", "overrides", "template", "template_version"]);

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

function words(value: unknown): string {
  if (isEmpty(value)) return "";
  if (Array.isArray(value)) return value.map(words).join(", ");
  if (typeof value === "object") return Object.values(value as object).filter((one) => !isEmpty(one)).map(words).join(" · ");
  return String(value);
}

function walk(path: string, one: unknown, other: unknown, found: Difference[]): void {
  if (isEmpty(one) && isEmpty(other)) return;
  const plain = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
  const objects = (value: unknown): value is unknown[] => Array.isArray(value) && plain(value[0]);
  if (plain(one) && plain(other)) {
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)]))
      if (path || !LEFT_OUT.has(key)) walk(path ? `${path}.${key}` : key, one[key], other[key], found);
  } else if (objects(one) && objects(other)) {
    for (let i = 0; i < Math.max(one.length, other.length); i++) walk(`${path}[${i + 1}]`, one[i], other[i], found);
  } else if (words(one) !== words(other)) {
    found.push({ path, before: words(one), after: words(other) });
  }
}

export function differences(before: Partial<Protocol>, after: Partial<Protocol>): Difference[] {
  const found: Difference[] = [];
  walk("", before, after, found);
  return found;
}

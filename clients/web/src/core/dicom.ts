/** DICOM JSON (PS3.18 annex F) as the hub lists it, turned into what a picker needs. */
import type { Series } from "./types";

export type Attributes = Record<string, { vr: string; Value?: unknown[] } | undefined>;

const SERIES_UID = "0020000E";

function value(of: Attributes, tag: string): string {
  const held = of[tag]?.Value?.[0];
  return held === undefined || held === null ? "" : String(held);
}

function count(of: Attributes, tag: string): number | null {
  const held = value(of, tag);
  return held === "" || Number.isNaN(Number(held)) ? null : Number(held);
}

/** Series with their instances, both in the order of their numbers. */
export function seriesOf(series: Attributes[], instances: Attributes[]): Series[] {
  const found = new Map<string, Series>();
  for (const one of series) {
    const uid = value(one, SERIES_UID);
    const [modality, description] = [value(one, "00080060"), value(one, "0008103E")];
    found.set(uid, { uid, modality, description, number: count(one, "00200011"), instances: [] });
  }
  for (const one of instances) {
    const [sop, n, frames] = [value(one, "00080018"), count(one, "00200013"), count(one, "00280008") ?? 1];
    found.get(value(one, SERIES_UID))?.instances.push({ sop, n, frames });
  }
  const ordered = [...found.values()].sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
  for (const one of ordered) one.instances.sort((a, b) => (a.n ?? 0) - (b.n ?? 0));
  return ordered;
}

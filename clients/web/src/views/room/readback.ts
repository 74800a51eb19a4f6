/** The read-back of a protocol: what must be read, and which field was read wrong. Pure. */
import { asNumber } from "../../components/Field";
import type { Protocol } from "./diff";

export interface Read {
  regions: readonly string[];
  phases: readonly string[];
  volume: string;
  rate: string;
}

export const NOTHING_READ: Read = { regions: [], phases: [], volume: "", rate: "" };

export type ReadField = keyof Read;

export const phasesOf = (protocol: Protocol): string[] => [...new Set(protocol.series.map((series) => series.phase))];

/** The fields that this protocol wants read. */
export function fieldsOf(protocol: Protocol): ReadField[] {
  const fields: ReadField[] = ["regions", "phases"];
  if (protocol.contrast?.volume_ml != null) fields.push("volume");
  if (protocol.contrast?.rate_ml_s != null) fields.push("rate");
  return fields;
}

const folded = (terms: readonly string[]): string => [...new Set(terms.map((term) => term.trim().toLowerCase()))].sort().join("|");

/** Which fields are not read yet, and which were read as something else. */
export function checked(protocol: Protocol, read: Read): { unread: ReadField[]; different: ReadField[] } {
  const wanted = fieldsOf(protocol);
  const unread = wanted.filter((name) => read[name].length === 0);
  const same: Record<ReadField, () => boolean> = {
    regions: () => folded(read.regions) === folded(protocol.regions),
    phases: () => folded(read.phases) === folded(phasesOf(protocol)),
    volume: () => asNumber(read.volume) === protocol.contrast?.volume_ml,
    rate: () => asNumber(read.rate) === protocol.contrast?.rate_ml_s,
  };
  return { unread, different: wanted.filter((name) => !unread.includes(name) && !same[name]()) };
}

/** As the wire wants it. */
export function readBackOf(protocol: Protocol, read: Read): Record<string, unknown> {
  const wanted = fieldsOf(protocol);
  const contrast: Record<string, number> = {};
  if (wanted.includes("volume")) contrast.volume_ml = asNumber(read.volume) as number;
  if (wanted.includes("rate")) contrast.rate_ml_s = asNumber(read.rate) as number;
  return { regions: [...read.regions], phases: [...read.phases], ...(Object.keys(contrast).length ? { contrast } : {}) };
}

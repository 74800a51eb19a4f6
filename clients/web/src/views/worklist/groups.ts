/** The worklist in three parts, by urgency and what is left of the time: pure, no clock of its own. */
import type { Row, Stage, Urgency } from "../../core";

export interface Filters {
  mine: boolean;
  site: string;
  modality: string;
  stage: Stage | "";
  urgency: Urgency | "";
  text: string;
}

export const NO_FILTERS: Filters = { mine: false, site: "", modality: "", stage: "", urgency: "", text: "" };

export interface Groups {
  me: Row[];
  others: Row[];
  done: Row[];
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function fits(row: Row, filters: Filters, person: string, words: string[], siteName: (id: string) => string): boolean {
  if (filters.site && row.site !== filters.site) return false;
  if (filters.modality && row.modality !== filters.modality) return false;
  if (filters.stage && row.stage !== filters.stage) return false;
  if (filters.urgency && row.urgency !== filters.urgency) return false;
  if (filters.mine && row.owner?.person !== person && row.requester?.person !== person) return false;
  if (!words.length) return true;
  const hay = plain([row.patient_label, row.question, siteName(row.site), row.modality, ...row.region, row.owner?.name, row.requester?.name].join(" "));
  return words.every((word) => hay.includes(word));
}

/** Urgency first, then the next move that is due first, then the exam that is, then the oldest. */
function sooner(a: Row, b: Row): number {
  const due = (row: Row): string => row.next_move?.until || "9";
  return a.urgency.localeCompare(b.urgency) || due(a).localeCompare(due(b)) || (a.limit_at || "9").localeCompare(b.limit_at || "9") || a.requested_at.localeCompare(b.requested_at);
}

/** What waits for me (`mine` are those rows), for others, and is done. The search reads sites by their names. */
export function grouped(
  rows: readonly Row[], mine: ReadonlySet<string>, filters: Filters, person: string, siteName: (id: string) => string,
): Groups {
  const words = plain(filters.text).split(/\s+/).filter(Boolean);
  const groups: Groups = { me: [], others: [], done: [] };
  for (const row of rows) {
    if (!fits(row, filters, person, words, siteName)) continue;
    (row.is_open ? (mine.has(row.room) ? groups.me : groups.others) : groups.done).push(row);
  }
  groups.me.sort(sooner);
  groups.others.sort(sooner);
  groups.done.sort((a, b) => b.stage_since.localeCompare(a.stage_since));
  return groups;
}

/** The values that occur, for the choices of a filter. */
export function values(rows: readonly Row[], field: "site" | "modality" | "stage"): string[] {
  return [...new Set(rows.map((row) => row[field]))].filter(Boolean).sort();
}

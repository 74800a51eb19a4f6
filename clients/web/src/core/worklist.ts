/** The worklist: read once whole, then row by row as rooms change. */
import { signal } from "@preact/signals";
import { api } from "./api";
import { Refused } from "./refusal";
import type { Refusal, Row } from "./types";

export interface WorklistShown {
  rows: Row[];
  loaded: boolean;
  refusal: Refusal | null;
}

/** By urgency, then by time of request: the order in which they are to be done. */
function order(a: Row, b: Row): number {
  return a.urgency.localeCompare(b.urgency) || a.requested_at.localeCompare(b.requested_at) || (a.room < b.room ? -1 : 1);
}

export class Worklist {
  readonly shown = signal<WorklistShown>({ rows: [], loaded: false, refusal: null });
  private readonly rows = new Map<string, Row>();
  /** Room -> what waits for me there: the same one rings once. */
  private readonly rung = new Map<string, string[]>();
  /** Room -> its open incidents: one more rings. */
  private readonly incidents = new Map<string, number>();
  private reading: Promise<void> | null = null;
  private again = false;

  /**
   * `waiting` names what waits for me in a room; `waits` and `alarmed` are told of each wait and
   * incident that begins while we look; those found at first are no news.
   */
  constructor(
    private readonly waiting: (row: Row) => string[],
    private readonly waits: (row: Row) => void,
    private readonly alarmed: (row: Row) => void = () => undefined,
  ) {}

  row(row: Row): void {
    const held = this.rows.get(row.room);
    if (held !== undefined && held.seq > row.seq) return;
    this.rows.set(row.room, row);
    this.listen(row);
    this.show(null);
  }

  /** Read it whole; `anew` where a reading under way may have begun too early. */
  refresh(anew = false): Promise<void> {
    if (this.reading !== null) {
      this.again ||= anew;
      return this.reading;
    }
    this.reading = this.read().finally(() => {
      this.reading = null;
      if (!this.again) return;
      this.again = false;
      void this.refresh();
    });
    return this.reading;
  }

  clear(): void {
    this.rows.clear();
    this.rung.clear();
    this.incidents.clear();
    this.shown.value = { rows: [], loaded: false, refusal: null };
  }

  private async read(): Promise<void> {
    const before = new Map(this.rows);
    try {
      const rows = await api.rows();
      const found = new Set(rows.map((row) => row.room));
      for (const room of this.rows.keys()) {
        if (!found.has(room) && before.has(room)) this.rows.delete(room);
      }
      for (const row of rows) {
        if ((this.rows.get(row.room)?.seq ?? -1) <= row.seq) this.rows.set(row.room, row);
        this.listen(row);
      }
      this.show(null);
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      this.shown.value = { ...this.shown.value, refusal: problem.refusal };
    }
  }

  private listen(row: Row): void {
    const more = row.incidents > (this.incidents.get(row.room) ?? 0);
    this.incidents.set(row.room, row.incidents);
    if (more && this.shown.peek().loaded) this.alarmed(row);
    const before = this.rung.get(row.room) ?? [];
    const waits = this.waiting(row);
    this.rung.set(row.room, waits);
    if (waits.some((one) => !before.includes(one)) && this.shown.peek().loaded) this.waits(row);
  }

  private show(refusal: Refusal | null): void {
    this.shown.value = { rows: [...this.rows.values()].sort(order), loaded: true, refusal };
  }
}

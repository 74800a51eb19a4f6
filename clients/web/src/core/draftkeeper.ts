/**
 * My draft of a report on the hub: what is typed is saved a moment later, and "saved" is said only of
 * what the hub has. A draft of mine from another screen is never overwritten unseen.
 */
import type { Sections } from "../generated/wire";
import { Refused } from "./refusal";

export interface Written {
  sections: Partial<Sections>;
  no_dose_reason: string;
}

/** `other`: the hub holds another text of mine, and I have to say which one goes on. */
export type Saved = { at: string } | "opening" | "typing" | "lost" | "other" | "";

interface Held {
  version: number;
  saved_at: string;
  draft: Partial<Written> | null;
}

export type Ask = <T>(method: "GET" | "PUT", body?: unknown) => Promise<T>;

export const PAUSE_MS = 1500;
const RETRY_MS = 3000;

/** The same text, whatever is empty in it. */
export function same(a: Written, b: Written): boolean {
  const plain = ({ sections, no_dose_reason }: Written): string =>
    JSON.stringify([Object.entries(sections).filter(([, text]) => text?.trim()).sort(([x], [y]) => (x < y ? -1 : 1)), no_dose_reason.trim()]);
  return plain(a) === plain(b);
}

const isEmpty = (text: Written): boolean => same(text, { sections: {}, no_dose_reason: "" });
const written = (draft: Held["draft"]): Written => ({ sections: draft?.sections ?? {}, no_dose_reason: draft?.no_dose_reason ?? "" });

export class DraftKeeper {
  /** The version that the hub has; null until it said so: before, nothing is sent. */
  private version: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  private closed = false;
  /** Sent, and not answered: the hub may have it all the same. */
  private unanswered: Written[] = [];
  /** The other text of mine that the hub holds. */
  other: Written | null = null;

  constructor(
    private readonly ask: Ask,
    private text: Written,
    private readonly told: (saved: Saved) => void,
    private readonly fill: (text: Written) => void,
  ) {}

  /** Find out what the hub has; again and again while nobody answers. */
  async open(): Promise<void> {
    if (this.closed) return;
    this.told(isEmpty(this.text) ? "opening" : "lost");
    try {
      this.meet(await this.ask<Held>("GET"));
    } catch {
      this.told("lost");
      this.timer = setTimeout(() => void this.open(), RETRY_MS);
    }
  }

  /** What the hub holds, against what stands here. */
  private meet({ version, saved_at, draft }: Held): void {
    const held = written(draft);
    this.version = version;
    const ours = this.unanswered.some((one) => same(held, one));
    this.unanswered = [];
    if (same(held, this.text)) this.told(isEmpty(held) ? "" : { at: saved_at });
    else if (isEmpty(this.text) && !isEmpty(held)) {
      this.text = held;
      this.fill(held);
      this.told({ at: saved_at });
    } else if (ours || isEmpty(held)) this.save();
    else {
      this.other = held;
      this.told("other");
    }
  }

  /** Mine goes on, or the other. */
  choose(mine: boolean): void {
    const other = this.other;
    if (other === null) return;
    this.other = null;
    if (!mine) {
      this.text = other;
      this.fill(other);
    }
    this.save();
  }

  /** A key was pressed. */
  change(text: Written): void {
    this.text = text;
    if (this.other !== null) return; // first they say which one goes on
    this.told(this.version === null ? "lost" : "typing");
    if (this.version === null) return; // `open` goes on by itself, and saves
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE_MS);
  }

  private save(): void {
    clearTimeout(this.timer);
    if (this.busy || this.version === null || this.other !== null) return;
    this.busy = true;
    const sent = this.text;
    this.unanswered.push(sent);
    void this.ask<{ version: number; saved_at: string }>("PUT", { version: this.version, draft: sent }).then(
      ({ version, saved_at }) => {
        this.busy = false;
        this.unanswered = [];
        this.version = version;
        if (same(sent, this.text)) this.told({ at: saved_at });
        else this.save();
      },
      (problem: unknown) => {
        this.busy = false;
        if (problem instanceof Refused && problem.refusal.slug === "stale_after") void this.again();
        else {
          this.told("lost");
          if (!this.closed) this.timer = setTimeout(() => this.save(), RETRY_MS);
        }
      },
    );
  }

  /** The hub is at another version: mine whose answer was lost, or that of another screen. */
  private async again(): Promise<void> {
    try {
      this.meet(await this.ask<Held>("GET"));
    } catch {
      this.told("lost");
      if (!this.closed) this.timer = setTimeout(() => void this.again(), RETRY_MS);
    }
  }

  /** The form is gone: what was not sent goes now, once. */
  close(): void {
    clearTimeout(this.timer);
    this.closed = true;
    this.save();
  }
}

/** What this browser keeps over a reload: unsent commands, rooms to read without a link, drafts. */
import { openDB, type IDBPDatabase } from "idb";
import type { Evt, Json, RoomState, Unsent } from "./types";

/** A command in the outbox. `person`: whose it is; nobody else's session sends it. */
export interface Entry extends Unsent {
  person: string;
  after?: number;
}

/** A command that was stored, kept a while for a hub that was restored to before it (W-13). */
export interface Copy {
  cid: string;
  person: string;
  room: string;
  kind: Unsent["kind"];
  body: Json;
  seq: number;
  at: number;
}

export interface KeptRoom {
  room: string;
  person: string;
  epoch: string;
  seq: number;
  state: RoomState;
  events: Evt[];
  at: number;
}

export interface Shelf {
  /** False where nothing outlives this page. */
  readonly lasting: boolean;
  entries(): Promise<Entry[]>;
  put(entry: Entry): Promise<void>;
  remove(cid: string): Promise<void>;
  copies(room: string): Promise<Copy[]>;
  /** The hub has stored it: out of the outbox; `copy` is kept in its place. */
  done(cid: string, copy?: Copy): Promise<void>;
  room(room: string): Promise<KeptRoom | undefined>;
  keepRoom(kept: KeptRoom): Promise<void>;
  /** Forget rooms and copies (all, or those from before `olderThan` ms); unsent commands stay. */
  forget(olderThan?: number): Promise<void>;
}

/**
 * How hard a write is pressed onto the disk. `strict` waits for the disk itself, for the one thing
 * that exists nowhere else: words that the hub has not stored yet. Whatever can be had again, or
 * whose loss costs nothing (a removal that is lost leads to a retry, which is answered as a dup),
 * is `relaxed`, so that it never makes such words wait.
 */
const STRICT: IDBTransactionOptions = { durability: "strict" };
const RELAXED: IDBTransactionOptions = { durability: "relaxed" };

const STORES = ["outbox", "copies", "rooms"] as const;

class Lasting implements Shelf {
  readonly lasting = true;

  constructor(private readonly db: IDBPDatabase) {}

  async entries(): Promise<Entry[]> {
    return this.db.getAll("outbox"); // by cid, and UUIDv7 sorts by time
  }

  async put(entry: Entry): Promise<void> {
    const tx = this.db.transaction("outbox", "readwrite", STRICT);
    await Promise.all([tx.store.put(entry), tx.done]);
  }

  async remove(cid: string): Promise<void> {
    const tx = this.db.transaction("outbox", "readwrite", RELAXED);
    await Promise.all([tx.store.delete(cid), tx.done]);
  }

  async done(cid: string, copy?: Copy): Promise<void> {
    const tx = this.db.transaction(["outbox", "copies"], "readwrite", RELAXED);
    const kept = copy === undefined ? undefined : tx.objectStore("copies").put(copy);
    await Promise.all([tx.objectStore("outbox").delete(cid), kept, tx.done]);
  }

  async copies(room: string): Promise<Copy[]> {
    return this.db.getAllFromIndex("copies", "room", room);
  }

  async room(room: string): Promise<KeptRoom | undefined> {
    return this.db.get("rooms", room);
  }

  async keepRoom(kept: KeptRoom): Promise<void> {
    const tx = this.db.transaction("rooms", "readwrite", RELAXED);
    await Promise.all([tx.store.put(kept), tx.done]);
  }

  async forget(olderThan = Infinity): Promise<void> {
    for (const name of ["copies", "rooms"]) {
      const tx = this.db.transaction(name, "readwrite");
      for await (const cursor of tx.store) {
        if ((cursor.value as { at: number }).at < olderThan) await cursor.delete();
      }
      await tx.done;
    }
  }
}

/** The same, gone with the page. */
export class Fleeting implements Shelf {
  readonly lasting = false;
  private readonly outbox = new Map<string, Entry>();
  private readonly kept = new Map<string, KeptRoom>();
  private stored: Copy[] = [];

  async entries(): Promise<Entry[]> {
    return [...this.outbox.values()];
  }
  async put(entry: Entry): Promise<void> {
    this.outbox.set(entry.cid, entry);
  }
  async remove(cid: string): Promise<void> {
    this.outbox.delete(cid);
  }
  async copies(room: string): Promise<Copy[]> {
    return this.stored.filter((copy) => copy.room === room);
  }
  async done(cid: string, copy?: Copy): Promise<void> {
    this.outbox.delete(cid);
    if (copy !== undefined) this.stored.push(copy);
  }
  async room(room: string): Promise<KeptRoom | undefined> {
    return this.kept.get(room);
  }
  async keepRoom(kept: KeptRoom): Promise<void> {
    this.kept.set(kept.room, kept);
  }
  async forget(): Promise<void> {
    this.kept.clear();
    this.stored = [];
  }
}

/** IndexedDB, or memory where the browser refuses it (private windows, policies, full disks). */
export async function openShelf(name = "examroom"): Promise<Shelf> {
  try {
    const db = await openDB(name, 1, {
      upgrade(made) {
        for (const store of STORES) {
          const keyed = made.createObjectStore(store, { keyPath: store === "rooms" ? "room" : "cid" });
          if (store === "copies") keyed.createIndex("room", "room");
        }
      },
    });
    return new Lasting(db);
  } catch {
    return new Fleeting();
  }
}

const DEVICE = "examroom.device";

/** The id of this browser profile, the same for ever; of this page only where nothing is kept. */
export function deviceId(make: () => string): string {
  try {
    const held = localStorage.getItem(DEVICE);
    if (held !== null && /^[A-Za-z0-9_-]{1,40}$/.test(held)) return held;
    const made = make();
    localStorage.setItem(DEVICE, made);
    return made;
  } catch {
    return make();
  }
}

const DRAFT = "examroom.draft.";

export function draft(key: string): string {
  try {
    return localStorage.getItem(DRAFT + key) ?? "";
  } catch {
    return "";
  }
}

export function keepDraft(key: string, text: string): void {
  try {
    if (text === "") localStorage.removeItem(DRAFT + key);
    else localStorage.setItem(DRAFT + key, text);
  } catch {
    // storage refused or full: the text still stands in its box
  }
}

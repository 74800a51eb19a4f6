/** What this browser keeps over a reload, each of it somebody's: unsent commands, rooms to read without a link, drafts. */
import { openDB, type IDBPDatabase } from "idb";
import type { Evt, Json, Part, RoomState, Unsent } from "./types";

/** A command in the outbox, and whose it is, in which role: no other session sends it. */
export interface Entry extends Unsent, Part {
  after?: number;
}

/** A command that was stored, kept a while for a hub that was restored to before it (W-13). */
export interface Copy extends Part {
  cid: string;
  room: string;
  kind: Unsent["kind"];
  body: Json;
  after?: number;
  seq: number;
  /** Of the database that stored it; "" where that was not known. */
  epoch: string;
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
  copies(person: string): Promise<Copy[]>;
  /** The hub has stored it: out of the outbox; `copy` is kept in its place. */
  done(cid: string, copy?: Copy): Promise<void>;
  room(person: string, room: string): Promise<KeptRoom | undefined>;
  keepRoom(kept: KeptRoom): Promise<void>;
  dropRoom(person: string, room: string): Promise<void>;
  /** Forget this person's rooms and copies; unsent commands stay. */
  forget(person: string): Promise<void>;
  /** The same for everybody's from before `at` ms. */
  expire(at: number): Promise<void>;
}

/**
 * How hard a write is pressed onto the disk. `strict` waits for the disk itself, for the one thing
 * that exists nowhere else: words that the hub has not stored yet. Whatever can be had again, or
 * whose loss costs nothing (a removal that is lost leads to a retry, which is answered as a dup),
 * is `relaxed`, so that it never makes such words wait.
 */
const STRICT: IDBTransactionOptions = { durability: "strict" };
const RELAXED: IDBTransactionOptions = { durability: "relaxed" };

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

  async copies(person: string): Promise<Copy[]> {
    const copies: Copy[] = await this.db.getAll("copies");
    return copies.filter((copy) => copy.person === person);
  }

  async room(person: string, room: string): Promise<KeptRoom | undefined> {
    return this.db.get("rooms", [person, room]);
  }

  async keepRoom(kept: KeptRoom): Promise<void> {
    const tx = this.db.transaction("rooms", "readwrite", RELAXED);
    await Promise.all([tx.store.put(kept), tx.done]);
  }

  async dropRoom(person: string, room: string): Promise<void> {
    const tx = this.db.transaction("rooms", "readwrite", RELAXED);
    await Promise.all([tx.store.delete([person, room]), tx.done]);
  }

  forget(person: string): Promise<void> {
    return this.drop((one) => one.person === person);
  }

  expire(at: number): Promise<void> {
    return this.drop((one) => one.at < at);
  }

  private async drop(which: (one: Copy | KeptRoom) => boolean): Promise<void> {
    for (const name of ["copies", "rooms"]) {
      const tx = this.db.transaction(name, "readwrite");
      for await (const cursor of tx.store) {
        if (which(cursor.value as Copy | KeptRoom)) await cursor.delete();
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
  async copies(person: string): Promise<Copy[]> {
    return this.stored.filter((copy) => copy.person === person);
  }
  async done(cid: string, copy?: Copy): Promise<void> {
    this.outbox.delete(cid);
    if (copy !== undefined) this.stored = [...this.stored.filter((held) => held.cid !== cid), copy];
  }
  async room(person: string, room: string): Promise<KeptRoom | undefined> {
    return this.kept.get(`${person} ${room}`);
  }
  async keepRoom(kept: KeptRoom): Promise<void> {
    this.kept.set(`${kept.person} ${kept.room}`, kept);
  }
  async dropRoom(person: string, room: string): Promise<void> {
    this.kept.delete(`${person} ${room}`);
  }
  async forget(person: string): Promise<void> {
    for (const [key, kept] of this.kept) if (kept.person === person) this.kept.delete(key);
    this.stored = this.stored.filter((copy) => copy.person !== person);
  }
  async expire(): Promise<void> {
    // nothing here is older than the page
  }
}

/** IndexedDB, or memory where the browser refuses it (private windows, policies, full disks). */
export async function openShelf(name = "examroom"): Promise<Shelf> {
  try {
    const db = await openDB(name, 2, {
      upgrade(made) {
        // what can be had again is made anew; unsent commands stay, whatever the version
        for (const store of ["copies", "rooms"]) {
          if (made.objectStoreNames.contains(store)) made.deleteObjectStore(store);
        }
        made.createObjectStore("rooms", { keyPath: ["person", "room"] });
        for (const store of ["outbox", "copies"]) {
          if (!made.objectStoreNames.contains(store)) made.createObjectStore(store, { keyPath: "cid" });
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

/** Every draft stands under its author: the next one at this computer does not find it. */
const draftsOf = (person: string): string => `${DRAFT}${encodeURIComponent(person)}:`;

export function draft(person: string, key: string): string {
  try {
    return localStorage.getItem(draftsOf(person) + key) ?? "";
  } catch {
    return "";
  }
}

/** Of nobody, nothing is kept. */
export function keepDraft(person: string, key: string, text: string): void {
  try {
    if (text === "" || person === "") localStorage.removeItem(draftsOf(person) + key);
    else localStorage.setItem(draftsOf(person) + key, text);
  } catch {
    // storage refused or full: the text still stands in its box
  }
}

export function forgetDrafts(person: string): void {
  try {
    const ours = Object.keys(localStorage).filter((key) => key.startsWith(draftsOf(person)));
    for (const key of ours) localStorage.removeItem(key);
  } catch {
    // where storage is refused nothing was kept
  }
}

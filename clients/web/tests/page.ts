/** A page with the whole core in it, before a hub in memory: what a test of the core starts from. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, vi } from "vitest";
import { createCore } from "../src/core/core";
import "../src/core/inside";
import type { Core } from "../src/core";
import { Peer } from "./peer";

export const PERSON = { id: "p-me", name: "TEST me", role: "radiologist", site: "s", site_name: "TEST" };
export const SESSION = { person: PERSON, roles: [], expires_at: null, phone: "03 85 00 00 00", demo: false };
export const REQUEST = {
  patient: { birth_name: "TEST-MARTIN" },
  urgency: "P0" as const,
  modality_wanted: "CT" as const,
  region: ["head"],
  clinical_question: "?",
  site: "s",
};

export let peer: Peer;
export let core: Core;
/** The REST side of the hub. */
export const door = {
  loggedIn: true,
  calls: [] as string[],
  /** Answers that a test puts in the place of the usual ones: method and path -> response. */
  instead: {} as Record<string, () => Response>,
};

export const json = (held: unknown, status = 200) => new Response(JSON.stringify(held), { status });

async function rest(address: string, init: RequestInit = {}): Promise<Response> {
  const path = address.replace("/api/v1", "").replace(/\?.*/, "");
  const name = `${init.method ?? "GET"} ${path}`;
  door.calls.push(name);
  if (door.instead[name]) return door.instead[name]();
  if (name === "GET /config") return json({ version: "1", demo: false, phone: "" });
  if (name === "POST /sessions") {
    door.loggedIn = true;
    return json(SESSION);
  }
  if (name === "DELETE /sessions") {
    door.loggedIn = false;
    return json(null);
  }
  if (!door.loggedIn) return json({ code: "not_authenticated", fr: "non", en: "no" }, 401);
  if (name === "GET /sessions/current") return json(SESSION);
  if (name === "POST /tickets") return json({ ticket: "t", expires_in: 30 });
  if (name === "GET /rooms") return json({ rooms: [], next: "" });
  if (name === "POST /rooms") {
    peer.store("made", "request.submitted", JSON.parse(init.body as string), "p-me");
    return json({ room: "made", seq: 1 }, 201);
  }
  const room = /^\/rooms\/([^/]+)\/events$/.exec(path)?.[1];
  if (room !== undefined && init.method === "POST") {
    const { cid, body } = JSON.parse(init.body as string) as { cid: string; body: object };
    return json({ t: "ok", re: cid, seq: peer.store(room, "message.posted", body, "p-me", cid).seq });
  }
  if (room !== undefined) return json({ t: "page", events: peer.journal.get(room) ?? [] });
  const asked = /^\/rooms\/([^/]+)$/.exec(path)?.[1];
  if (asked !== undefined) return new Response(JSON.stringify(peer.state(asked)), { headers: { "examroom-epoch": peer.epoch } });
  throw new Error(`nobody answers ${name}`);
}

/** One page for each test of the file that calls this. */
export function openPage(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
    peer = new Peer();
    door.loggedIn = true;
    door.calls = [];
    door.instead = {};
    localStorage.clear();
    indexedDB = new IDBFactory();
    vi.stubGlobal("fetch", rest);
    vi.stubGlobal("WebSocket", function () {
      return peer.connect();
    });
    history.replaceState(null, "", "/");
    core = createCore();
  });

  afterEach(() => {
    core.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
}

/** The same browser, another page (or the same one loaded again). */
export function reopen(): void {
  core.stop();
  core = createCore();
  void core.start();
}

export async function settle(ms = 0): Promise<void> {
  const rest_ = async (): Promise<void> => {
    for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  await rest_();
  for (let gone = 0; gone < ms; gone += 500) {
    await vi.advanceTimersByTimeAsync(Math.min(500, ms - gone));
    await rest_();
  }
  if (ms === 0) await vi.advanceTimersByTimeAsync(1);
  await rest_();
}

/** Resolves with the redraw after which the page `shows` it; a test that waits in vain fails by its time limit. */
export function until(shows: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!shows()) return;
      watch.disconnect();
      resolve();
    };
    const watch = new MutationObserver(look);
    watch.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
    look();
  });
}

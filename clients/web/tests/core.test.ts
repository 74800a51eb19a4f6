/** The whole core against a hub in memory: login, link line, alarm, refusals, the stream. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createCore } from "../src/core/core";
import type { Core, Row } from "../src/core";
import { AT, Peer, type Frame } from "./peer";

const PERSON = { id: "p-me", name: "TEST me", role: "radiologist", site: "s", site_name: "TEST" };
const SESSION = { person: PERSON, roles: [], expires_at: null, phone: "03 85 00 00 00", demo: false };
const REQUEST = {
  patient: { birth_name: "TEST-MARTIN" },
  urgency: "P0" as const,
  modality_wanted: "CT" as const,
  region: ["head"],
  clinical_question: "?",
  site: "s",
};

let peer: Peer;
let core: Core;
let loggedIn: boolean;
let calls: string[];
/** Answers of REST that a test puts in the place of the usual ones: method and path -> response. */
let instead: Record<string, () => Response>;

const json = (held: unknown, status = 200) => new Response(JSON.stringify(held), { status });

async function rest(address: string, init: RequestInit = {}): Promise<Response> {
  const path = address.replace("/api/v1", "").replace(/\?.*/, "");
  const name = `${init.method ?? "GET"} ${path}`;
  calls.push(name);
  if (instead[name]) return instead[name]();
  if (name === "GET /config") return json({ version: "1", demo: false, phone: "" });
  if (name === "POST /sessions") {
    loggedIn = true;
    return json(SESSION);
  }
  if (!loggedIn) return json({ code: "not_authenticated", fr: "non", en: "no" }, 401);
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

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  peer = new Peer();
  loggedIn = true;
  calls = [];
  instead = {};
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

async function settle(ms = 0): Promise<void> {
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

const row = (change: Partial<Row>): Row =>
  ({
    room: "r",
    seq: 1,
    stage: "requested",
    urgency: "P0",
    requested_at: AT,
    next_move: { act: "case.claim", roles: ["radiologist", "regulator"], person: "", since: AT, until: "" },
    is_open: true,
    ...change,
  }) as Row;

test("nobody logged in: the login page; then on line", async () => {
  loggedIn = false;
  void core.start();
  await settle();
  expect(core.session.value).toBeNull();
  expect(peer.sockets).toHaveLength(0);
  void core.login("me", "secret");
  await settle();
  expect(core.session.value?.person.id).toBe("p-me");
  expect(core.link.value.state).toBe("online");
  expect(peer.of("watch")).toHaveLength(1);
});

test("W-19: the store is down: not transmitted, with the list and the number; then well again", async () => {
  peer.store("r", "request.submitted", REQUEST);
  void core.start();
  await settle();
  const room = core.room("r");
  await settle();
  const down = (frame: Frame) =>
    peer.socket.send_({ t: "err", re: frame.cid, code: 503, slug: "storage_unavailable", detail: "non / no", retry: true, retry_after_ms: 1000 });
  peer.instead.push({ t: "pub", times: 4, run: down });
  void room.act("message.post", { text: "urgent" });
  await settle(3500);
  expect(core.link.value).toMatchObject({ state: "not_transmitted", phone: "03 85 00 00 00" });
  expect(core.link.value.unsent).toMatchObject([{ body: { text: "urgent" }, refusal: { slug: "storage_unavailable" } }]);
  await settle(3000);
  expect(core.link.value).toMatchObject({ state: "online", unsent: [] });
  expect(peer.journal.get("r")!.map((evt) => evt.kind)).toEqual(["request.submitted", "message.posted"]);
});

test("no link and something given: not transmitted, and it goes when the link is back", async () => {
  peer.store("r", "request.submitted", REQUEST);
  void core.start();
  await settle();
  const room = core.room("r");
  await settle();
  instead["POST /tickets"] = () => {
    throw new TypeError("no network");
  };
  peer.socket.end(1006);
  await settle();
  expect(core.link.value.state).toBe("offline");
  void room.act("message.post", { text: "x" });
  await settle(3500);
  expect(core.link.value.state).toBe("not_transmitted");
  delete instead["POST /tickets"];
  await settle(11_000);
  expect(core.link.value).toMatchObject({ state: "online", unsent: [] });
});

test("a session that ended asks for login, keeps what is unsent, and sends it afterwards", async () => {
  peer.store("r", "request.submitted", REQUEST);
  void core.start();
  await settle();
  const room = core.room("r");
  await settle();
  loggedIn = false;
  peer.socket.send_({ t: "bye", code: 4301, slug: "expired", reconnect: "reauth", after_ms: 0, resume: true });
  peer.socket.end(4301);
  await settle(1000);
  expect(core.session.value).toBeNull();
  expect(core.link.value.reauth).toBe(true);
  void room.act("message.post", { text: "meanwhile" });
  await settle();
  void core.login("me", "secret");
  await settle(500);
  expect(core.link.value).toMatchObject({ reauth: false, unsent: [] });
  expect(peer.journal.get("r")!.at(-1)!.body).toEqual({ text: "meanwhile" });
});

test("a ticket that was too old throws nobody out", async () => {
  peer.instead.push({
    t: "hello",
    times: 1,
    run: (_, socket) => {
      socket.send_({ t: "bye", code: 4301, slug: "expired", reconnect: "reauth", after_ms: 0, resume: true });
      socket.end(4301);
    },
  });
  void core.start();
  await settle(1000);
  expect(core.session.value?.person.id).toBe("p-me");
  expect(core.link.value.state).toBe("online");
});

test("a request is kept, sent once, and leads to its room", async () => {
  void core.start();
  await settle();
  const outcome = core.submitRequest(REQUEST);
  await settle();
  expect(await outcome).toEqual({ ok: true, room: "made", seq: 1, dup: false });
  expect(calls.filter((call) => call === "POST /rooms")).toHaveLength(1);
});

test("a request that is refused keeps every word of it", async () => {
  instead["POST /rooms"] = () => json({ code: "wrong_role", fr: "non", en: "no", retry: false }, 403);
  void core.start();
  await settle();
  const outcome = core.submitRequest(REQUEST);
  await settle();
  expect(await outcome).toMatchObject({ ok: false, refusal: { slug: "wrong_role", fr: "non" } });
  expect(core.unsent.value).toMatchObject([{ state: "refused", body: { clinical_question: "?" } }]);
});

test("the worklist: rows as they change, mine found, rings once a wait and stops when looked at", async () => {
  void core.start();
  await settle();
  expect(core.worklist.value.loaded).toBe(true);
  peer.socket.send_({ t: "row", room: "r", summary: row({}) });
  peer.socket.send_({ t: "row", room: "q", summary: row({ room: "q", urgency: "P3", next_move: null }) });
  await settle();
  expect(core.worklist.value.rows.map((one) => one.room)).toEqual(["r", "q"]);
  expect(core.mine.value.map((one) => one.room)).toEqual(["r"]);
  expect(core.alarm.ringing.value).toBe("r");
  core.go({ page: "room", room: "r" });
  expect(core.alarm.ringing.value).toBe("");
  peer.socket.send_({ t: "row", room: "r", summary: row({ seq: 2 }) });
  await settle();
  expect(core.alarm.ringing.value).toBe("");
});

test("an older row does not overwrite a newer one", async () => {
  void core.start();
  await settle();
  peer.socket.send_({ t: "row", room: "r", summary: row({ seq: 5, stage: "claimed" }) });
  peer.socket.send_({ t: "row", room: "r", summary: row({ seq: 4 }) });
  await settle();
  expect(core.worklist.value.rows[0]!.stage).toBe("claimed");
});

test("logout leaves nothing of the person but what is unsent", async () => {
  peer.store("r", "request.submitted", REQUEST);
  void core.start();
  await settle();
  core.room("r");
  await settle(1500);
  void core.logout();
  await settle();
  expect(core.session.value).toBeNull();
  expect(core.open.value).toEqual([]);
  expect(core.worklist.value.rows).toEqual([]);
  expect(localStorage.getItem("examroom.session")).toBeNull();
});

test("a proxy that breaks WebSocket: after three tries the stream, with the same cursor", async () => {
  peer.store("r", "request.submitted", REQUEST);
  peer.instead.push({ t: "hello", times: 99, run: (_, socket) => socket.end(1006) });
  const sources: { url: string; onmessage: ((event: { data: string }) => void) | null }[] = [];
  vi.stubGlobal("EventSource", function (url: string) {
    const source = { url, onmessage: null, onerror: null, close: () => undefined };
    sources.push(source);
    return source;
  });
  void core.start();
  const room = core.room("r");
  await settle(5000);
  expect(core.link.value).toMatchObject({ state: "online", transport: "sse" });
  expect(sources.map((source) => source.url)).toEqual(["/api/v1/rooms/r/stream?after=1"]);
  const tell = (frame: object): void => sources.at(-1)!.onmessage!({ data: JSON.stringify(frame) });
  tell({ t: "evt", ...peer.store("r", "case.claimed", {}, "p-me") });
  await settle();
  expect(room.state.value).toMatchObject({ stage: "claimed", seq: 2 });
  const outcome = room.act("message.post", { text: "by POST" });
  await settle();
  expect(await outcome).toMatchObject({ ok: true, seq: 3 });
  expect(calls).toContain("POST /rooms/r/events");
});

test("logging in again as the same person goes on without a gap; as another role it begins anew", async () => {
  void core.start();
  await settle();
  void core.login("me", "secret");
  await settle();
  expect(peer.sockets).toHaveLength(1);
  expect(peer.of("refresh")).toHaveLength(1);
  instead["POST /sessions"] = () => json({ ...SESSION, person: { ...PERSON, role: "regulator" } });
  peer.person.role = "regulator";
  void core.login("me", "secret", { role: "regulator", site: "s" });
  await settle();
  expect(peer.sockets).toHaveLength(2);
  expect(core.link.value.state).toBe("online");
});

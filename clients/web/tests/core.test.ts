/** The whole core against a hub in memory: login, link line, alarm, refusals, the stream. */
import { expect, test, vi } from "vitest";
import type { Row } from "../src/core";
import { core, door, json, openPage, peer, PERSON, reopen, REQUEST, SESSION, settle } from "./page";
import { AT, type Frame } from "./peer";

openPage();

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
  door.loggedIn = false;
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
  door.instead["POST /tickets"] = () => {
    throw new TypeError("no network");
  };
  peer.socket.end(1006);
  await settle();
  expect(core.link.value.state).toBe("offline");
  void room.act("message.post", { text: "x" });
  await settle(3500);
  expect(core.link.value.state).toBe("not_transmitted");
  delete door.instead["POST /tickets"];
  await settle(11_000);
  expect(core.link.value).toMatchObject({ state: "online", unsent: [] });
});

test("a session that ended asks for login, keeps what is unsent, and sends it afterwards", async () => {
  peer.store("r", "request.submitted", REQUEST);
  void core.start();
  await settle();
  const room = core.room("r");
  await settle();
  door.loggedIn = false;
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
  expect(door.calls.filter((call) => call === "POST /rooms")).toHaveLength(1);
});

test("a request that is refused keeps every word of it", async () => {
  door.instead["POST /rooms"] = () => json({ code: "wrong_role", fr: "non", en: "no", retry: false }, 403);
  void core.start();
  await settle();
  const outcome = core.submitRequest(REQUEST);
  await settle();
  expect(await outcome).toMatchObject({ ok: false, refusal: { slug: "wrong_role", fr: "non" } });
  expect(core.unsent.value).toMatchObject([{ state: "refused", body: { clinical_question: "?" } }]);
});

test("an incident rings for who has to do with the exam, once for each, and stops when looked at", async () => {
  void core.start();
  await settle();
  const tell = async (change: Partial<Row>) => {
    peer.socket.send_({ t: "row", room: change.room ?? "r", summary: row({ next_move: null, ...change }) });
    await settle();
  };
  await tell({ room: "q", incidents: 1, owner: { person: "p-other", name: "TEST" } });
  expect(core.alarm.ringing.value).toBe("");
  await tell({ incidents: 0, owner: { person: "p-me", name: "TEST me" } });
  expect(core.alarm.ringing.value).toBe("");
  await tell({ incidents: 1, seq: 2, owner: { person: "p-me", name: "TEST me" } });
  expect(core.alarm.ringing.value).toBe("r");
  core.alarm.silence();
  await tell({ incidents: 1, seq: 3, owner: { person: "p-me", name: "TEST me" } });
  expect(core.alarm.ringing.value).toBe("");
  await tell({ incidents: 2, seq: 4, owner: { person: "p-me", name: "TEST me" } });
  core.go({ page: "room", room: "r" });
  expect(core.alarm.ringing.value).toBe("");
});

test("who is invited or offered an exam finds it under what waits for them, and it rings, until they came in or acted", async () => {
  void core.start();
  await settle();
  const since = "2026-11-21T23:41:00.000Z";
  const invited = { person: "p-me", act: "member.invite" as const, by: "Dr Omar", since, text: "avis ?" };
  const tell = async (change: Partial<Row>) => {
    peer.socket.send_({ t: "row", room: change.room ?? "r", summary: row({ next_move: null, ...change }) });
    await settle();
  };
  await tell({ asked: [{ ...invited, person: "p-other" }] });
  expect(core.mine.value).toEqual([]);
  await tell({ seq: 2, asked: [invited] });
  expect(core.mine.value.map((one) => one.room)).toEqual(["r"]);
  expect(core.alarm.ringing.value).toBe("r");
  expect(core.askedOfMe(core.mine.value[0]!)).toMatchObject({ by: "Dr Omar", text: "avis ?" });
  core.alarm.silence();
  await tell({ seq: 3, asked: [invited, { ...invited, person: "p-other" }] });
  expect(core.alarm.ringing.value).toBe(""); // somebody else is asked: no news for me

  peer.store("r", "request.submitted", REQUEST);
  peer.store("r", "member.invited", { person: "p-me", name: "TEST me", role: "radiologist", site: "s", question: "avis ?" });
  core.room("r");
  await settle();
  const at = core.open.value[0]!.state.value!.asked["p-me"]!.asked.at;
  await tell({ seq: 4, asked: [{ ...invited, since: at }] });
  expect(core.mine.value).toHaveLength(1); // open behind another page: nobody has come in
  core.go({ page: "room", room: "r" });
  expect(core.mine.value).toEqual([]);
  reopen();
  await settle();
  await tell({ seq: 4, asked: [{ ...invited, since: at }] });
  expect(core.mine.value).toEqual([]); // over a reload too

  const offer = { ...invited, room: "q", act: "case.claim" as const };
  await tell({ room: "q", asked: [offer] });
  core.go({ page: "room", room: "q" });
  expect(core.mine.value.map((one) => one.room)).toEqual(["q"]); // to look at an offer is not to take it
  await tell({ room: "q", seq: 2, asked: [] });
  expect(core.mine.value).toEqual([]);
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
  expect(door.calls).toContain("POST /rooms/r/events");
});

test("logging in again as the same person goes on without a gap; as another role it begins anew", async () => {
  void core.start();
  await settle();
  void core.login("me", "secret");
  await settle();
  expect(peer.sockets).toHaveLength(1);
  expect(peer.of("refresh")).toHaveLength(1);
  door.instead["POST /sessions"] = () => json({ ...SESSION, person: { ...PERSON, role: "regulator" } });
  peer.person.role = "regulator";
  void core.login("me", "secret", { role: "regulator", site: "s" });
  await settle();
  expect(peer.sockets).toHaveLength(2);
  expect(core.link.value.state).toBe("online");
});

/** One computer, several people: nothing of one is found by the next, and nobody speaks in another's name. */
import { afterEach, expect, test, vi } from "vitest";
import { openShelf } from "../src/core/shelf";
import { core, door, json, openPage, peer, PERSON, reopen, REQUEST, SESSION, settle } from "./page";

openPage();
afterEach(() => vi.restoreAllMocks());

const OTHER = { ...PERSON, id: "p-you", name: "TEST you" };
const texts = (room: string) => (peer.journal.get(room) ?? []).map((evt) => (evt.body as { text?: string }).text);

/** What asks the browser to load the page again; the test does it with `reopen`. */
const reloads = () => vi.spyOn(location, "reload").mockImplementation(() => undefined);

/** From now on the hub takes whoever holds this browser's cookie for `person`. */
function cookie(person: typeof PERSON): void {
  const session = () => json({ ...SESSION, person });
  door.instead["GET /sessions/current"] = () => (door.loggedIn ? session() : json({ code: "not_authenticated" }, 401));
  door.instead["POST /sessions"] = () => ((door.loggedIn = true), session());
  peer.person = person;
}

async function inRoom() {
  peer.store("r", "request.submitted", REQUEST);
  void core.start();
  await settle();
  const room = core.room("r");
  await settle(1500);
  return room;
}

/** No socket, no way to one. */
async function cut(): Promise<void> {
  door.instead["POST /tickets"] = () => {
    throw new TypeError("no network");
  };
  peer.socket.end(1006);
  await settle();
}

test("a draft is its author's: the next person does not find it, and logging out throws it away", async () => {
  void core.start();
  await settle();
  core.keepDraft("request.new", "TEST-MARTIN");
  expect(core.draft("request.new")).toBe("TEST-MARTIN");
  door.loggedIn = false;
  peer.socket.send_({ t: "bye", code: 4301, slug: "expired", reconnect: "reauth", after_ms: 0, resume: true });
  peer.socket.end(4301);
  await settle(1000);
  cookie(OTHER);
  void core.login("you", "secret");
  await settle();
  expect(core.session.value?.person.id).toBe("p-you");
  expect(core.draft("request.new")).toBe("");
  core.keepDraft("request.new", "TEST-DURAND");
  void core.logout();
  await settle();
  expect(JSON.stringify({ ...localStorage })).not.toContain("TEST-DURAND");
  cookie(PERSON);
  void core.login("me", "secret");
  await settle();
  expect(core.draft("request.new")).toBe("TEST-MARTIN");
});

test("logging out forgets the rooms and copies of this person, and only of this one", async () => {
  const room = await inRoom();
  void room.act("message.post", { text: "x" });
  await settle(1500);
  const shelf = await openShelf();
  const others = { ...(await shelf.room("p-me", "r"))!, person: "p-you" };
  await shelf.keepRoom(others);
  expect(await shelf.copies("p-me")).toHaveLength(1);
  void core.logout();
  await settle(1500);
  expect(await shelf.room("p-me", "r")).toBeUndefined();
  expect(await shelf.copies("p-me")).toEqual([]);
  expect(await shelf.room("p-you", "r")).toBeDefined();
});

test("logging out with something unsent asks; kept, it waits for its author and for nobody else", async () => {
  const room = await inRoom();
  await cut();
  void room.act("message.post", { text: "mine" });
  await settle();
  expect(await core.logout()).toBe(false);
  expect(core.session.value?.person.id).toBe("p-me");
  void core.logout("keep");
  await settle();
  delete door.instead["POST /tickets"];
  cookie(OTHER);
  void core.login("you", "secret");
  await settle(1000);
  expect(core.unsent.value).toEqual([]);
  expect(texts("r")).toEqual([undefined]);
  void core.logout();
  await settle();
  cookie(PERSON);
  void core.login("me", "secret");
  await settle(1000);
  expect(texts("r")).toEqual([undefined, "mine"]);
});

test("logging out without a link: the cookie that is left lets nobody in", async () => {
  await inRoom();
  await cut();
  door.instead["DELETE /sessions"] = () => {
    throw new TypeError("no network");
  };
  void core.logout();
  await settle();
  expect(core.session.value).toBeNull();
  delete door.instead["DELETE /sessions"];
  delete door.instead["POST /tickets"];
  reopen();
  await settle(1000);
  expect(core.session.value).toBeNull();
  expect(door.loggedIn).toBe(false);
  void core.login("me", "secret");
  await settle();
  reopen();
  await settle();
  expect(core.session.value?.person.id).toBe("p-me");
});

test("logging out with something unsent that is given up deletes it", async () => {
  const room = await inRoom();
  await cut();
  void room.act("message.post", { text: "mine" });
  await settle();
  void core.logout("delete");
  await settle();
  expect(await (await openShelf()).entries()).toEqual([]);
});

test.each([
  ["somebody else", OTHER],
  ["me in another role", { ...PERSON, role: "regulator" }],
  ["me for another site", { ...PERSON, site: "elsewhere" }],
])("a link that turns out to speak for %s carries nothing of mine; the page begins anew", async (_, person) => {
  const room = await inRoom();
  const reload = reloads();
  await cut();
  void room.act("message.post", { text: "mine" });
  await settle();
  cookie(person);
  delete door.instead["POST /tickets"];
  await settle(12_000);
  expect(peer.of("pub")).toEqual([]);
  expect(reload).toHaveBeenCalledTimes(1);
  reopen();
  await settle(1000);
  expect(core.session.value?.person).toEqual(person);
  expect(texts("r")).toEqual([undefined]);
});

test("a link for somebody else with a cookie of mine: dropped and asked again, without loading the page for ever", async () => {
  const reload = reloads();
  peer.person = OTHER;
  void core.start();
  await settle(20_000);
  expect(core.link.value.state).toBe("offline");
  expect(peer.of("watch")).toEqual([]);
  expect(peer.sockets.length).toBeLessThan(20);
  peer.person = PERSON;
  await settle(11_000);
  expect(core.link.value.state).toBe("online");
  expect(reload).not.toHaveBeenCalled();
});

test("a request goes by the cookie: where that names somebody else by now, it stays", async () => {
  void core.start();
  await settle();
  const reload = reloads();
  cookie(OTHER);
  void core.submitRequest(REQUEST);
  await settle(5000);
  expect(door.calls).not.toContain("POST /rooms");
  expect(await (await openShelf()).entries()).toMatchObject([{ person: "p-me", kind: "request.submit" }]);
  expect(reload).toHaveBeenCalled();
});

test("another tab logs in in another role: this one begins anew", async () => {
  void core.start();
  await settle();
  const reload = reloads();
  const tell = (person: typeof PERSON): void => {
    localStorage.setItem("examroom.session", JSON.stringify({ ...SESSION, person }));
    dispatchEvent(new StorageEvent("storage", { key: "examroom.session" }));
  };
  tell(PERSON);
  expect(reload).not.toHaveBeenCalled();
  tell({ ...PERSON, role: "regulator" });
  expect(reload).toHaveBeenCalledTimes(1);
});

test("where a reload would lose what is unsent, the login is asked for instead", async () => {
  vi.stubGlobal("indexedDB", undefined);
  const room = await inRoom();
  const reload = reloads();
  await cut();
  void room.act("message.post", { text: "mine" });
  await settle();
  cookie(OTHER);
  delete door.instead["POST /tickets"];
  await settle(12_000);
  expect(reload).not.toHaveBeenCalled();
  expect(core.session.value).toBeNull();
  cookie(PERSON);
  void core.login("me", "secret");
  await settle(1000);
  expect(texts("r")).toEqual([undefined, "mine"]);
});

/** A proxy that lets no socket through; what the streams are asked for. */
async function byStream() {
  peer.instead.push({ t: "hello", times: 99, run: (_, socket) => socket.end(1006) });
  const sources: { url: string; onmessage: ((event: { data: string }) => void) | null; onerror: (() => void) | null }[] = [];
  vi.stubGlobal("EventSource", function (url: string) {
    const source = { url, onmessage: null, onerror: null, close: () => undefined };
    sources.push(source);
    return source;
  });
  const room = await inRoom();
  await settle(5000);
  expect(core.link.value).toMatchObject({ state: "online", transport: "sse" });
  return { room, sources };
}

test("by the stream every act looks whose cookie it is", async () => {
  const { room } = await byStream();
  const reload = reloads();
  cookie(OTHER);
  void room.act("message.post", { text: "mine" });
  await settle(2000);
  expect(door.calls).not.toContain("POST /rooms/r/events");
  expect(reload).toHaveBeenCalled();
});

test("W-13: by the stream a restore is noticed, and what was stored before it is offered again", async () => {
  const { room, sources } = await byStream();
  void room.act("message.post", { text: "before" });
  await settle(1000);
  expect(texts("r")).toEqual([undefined, "before"]);
  sources.at(-1)!.onmessage!({ data: JSON.stringify({ t: "evt", ...peer.journal.get("r")![1] }) });
  peer.epoch = "e2";
  peer.journal.get("r")!.length = 1;
  for (const text of ["of others", "of others too"]) peer.store("r", "message.posted", { text });
  sources.at(-1)!.onerror!();
  await settle(3000);
  expect(texts("r")).toEqual([undefined, "of others", "of others too", "before"]);
  expect(room.state.value?.seq).toBe(3);
  expect(sources.at(-1)!.url).toBe("/api/v1/rooms/r/stream?after=3");
});

test("by the stream a room that is not mine is refused, and the others go on", async () => {
  const { sources } = await byStream();
  door.instead["GET /rooms/q"] = () => json({ code: "forbidden", fr: "non", en: "no", retry: false }, 403);
  const room = core.room("q");
  await settle(3000);
  expect(room.status.value).toBe("refused");
  expect(sources).toHaveLength(1);
  expect(core.room("r").status.value).toBe("live");
});

test("rows were missed: the worklist is read again, also where a reading is under way", async () => {
  void core.start();
  await settle();
  const reads = () => door.calls.filter((call) => call === "GET /rooms").length;
  const before = reads();
  peer.socket.send_({ t: "note", slug: "lagging" });
  await settle();
  expect(reads()).toBe(before + 1);
  expect(core.link.value.state).toBe("online");
  peer.socket.send_({ t: "note", slug: "lagging" });
  peer.socket.send_({ t: "note", slug: "lagging" });
  await settle();
  expect(reads()).toBe(before + 3);
  peer.socket.send_({ t: "note", slug: "lagging", room: "r" });
  await settle();
  expect(reads()).toBe(before + 3);
});

test("W-22: taken out of a room that is not open: what was kept of it goes, and the worklist is read again", async () => {
  const room = await inRoom();
  room.close();
  await settle();
  const shelf = await openShelf();
  expect(await shelf.room("p-me", "r")).toBeDefined();
  const before = door.calls.length;
  peer.socket.send_({ t: "err", room: "r", code: 403, slug: "forbidden", detail: "non / no", retry: false });
  await settle();
  expect(await shelf.room("p-me", "r")).toBeUndefined();
  expect(door.calls.slice(before)).toEqual(["GET /rooms"]);
});

test("W-13: a request lost by a restore brings its room back, and the page goes on in it", async () => {
  void core.start();
  await settle();
  void core.submitRequest(REQUEST);
  await settle();
  const room = core.room("made");
  await settle(500);
  expect(room.status.value).toBe("live");
  peer.epoch = "e2";
  peer.journal.delete("made");
  peer.socket.end(1006);
  await settle(2000);
  expect(peer.journal.get("made")).toHaveLength(1);
  expect(room.status.value).toBe("live");
  expect(room.state.value?.seq).toBe(1);
});

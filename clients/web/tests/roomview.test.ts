/** An open room as the views see it: from the shelf, over the link, and what I may do in it. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Link } from "../src/core/link";
import { Outbox } from "../src/core/outbox";
import { LiveRoom } from "../src/core/roomview";
import { Fleeting } from "../src/core/shelf";
import { Socket } from "../src/core/socket";
import type { Role } from "../src/core/types";
import { AT, Peer } from "./peer";

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const REQUEST = {
  patient: { birth_name: "TEST-MARTIN" },
  urgency: "P1",
  modality_wanted: "CT",
  region: ["head"],
  clinical_question: "?",
  site: "s",
};

function setup(role: Role = "radiologist") {
  const peer = new Peer();
  const shelf = new Fleeting();
  const rooms = new Map<string, LiveRoom>();
  const link = new Link({
    joined: (frame) => rooms.get(frame.room)?.joined(frame),
    events: (room, events) => rooms.get(room)?.took(events),
    refused: (room, refusal) => rooms.get(room)?.turnedAway(refusal),
    behind: () => void outbox.offerAgain(),
    other: (frame) => {
      const room = "room" in frame ? rooms.get(frame.room ?? "") : undefined;
      if (frame.t === "rcpt") room?.receipt(frame);
      if (frame.t === "pres") room?.present(frame);
      if (frame.t === "eph") room?.heard(frame.key, frame.from.person, frame.body);
    },
  });
  const outbox: Outbox = new Outbox({ shelf, send: (entry) => link.publish(entry), random: () => 0 });
  const socket = new Socket(
    { ticket: async () => "t", connect: peer.connect, device: "d", app: "test", random: () => 0 },
    {
      up: (welcome) => {
        link.linked(welcome);
        outbox.up({ person: "p-me", role, site: "s" });
      },
      down: () => {
        outbox.down();
        link.unlinked();
        for (const room of rooms.values()) room.cut();
      },
      frame: (frame) => link.frame(frame),
      reauth: () => undefined,
      stopped: () => undefined,
      failed: () => undefined,
      slow: () => undefined,
    },
  );
  link.use(socket);
  void outbox.load({ person: "p-me", role, site: "s" });
  // the REST side of the same peer
  vi.stubGlobal("fetch", async (address: string) => {
    const [, id, query] = /rooms\/([^/]+)\/events\?(.*)/.exec(address)!;
    const asked = new URLSearchParams(query);
    const after = Number(asked.get("after"));
    const events = peer.journal.get(id!)!.slice(after, after + Number(asked.get("limit")));
    return new Response(JSON.stringify({ t: "page", events }), { status: 200 });
  });
  const open = (id: string): LiveRoom => {
    const parts = { link, outbox: () => outbox, shelf: () => shelf, ready: Promise.resolve(), me: () => ({ person: "p-me", role }), closed: () => rooms.delete(id), dropped: (room: string) => void shelf.dropRoom("p-me", room) };
    const room = new LiveRoom(id, parts);
    rooms.set(id, room);
    return room;
  };
  return { peer, shelf, link, socket, outbox, open };
}

test("opens with its state and its last page, and pages backwards to the first event", async () => {
  const { peer, socket, open } = setup();
  peer.store("r", "request.submitted", REQUEST);
  for (let n = 0; n < 249; n++) peer.store("r", "message.posted", { text: `m${n}` });
  socket.start();
  const room = open("r");
  await settle(10);
  expect(room.status.value).toBe("live");
  expect(room.state.value!.seq).toBe(250);
  expect(room.timeline.value).toMatchObject({ first: 151, last: 250 });
  await room.loadOlder();
  await room.loadOlder();
  await room.loadOlder();
  expect(room.timeline.value).toMatchObject({ first: 1, last: 250, loading: false });
  expect(room.timeline.value.items.map((evt) => evt.seq)).toEqual(Array.from({ length: 250 }, (_, n) => n + 1));
});

test("a message stays taken back, however many were since: the state names the last ones only", async () => {
  const { peer, socket, open } = setup();
  peer.store("r", "request.submitted", REQUEST);
  for (let n = 0; n < 70; n++) peer.store("r", "message.posted", { text: `m${n}` });
  for (let n = 0; n < 69; n++) peer.store("r", "message.retracted", { seq: n + 2, reason: "" });
  socket.start();
  const room = open("r");
  await settle(10);
  await room.loadOlder();
  expect(room.state.value!.retracted).toHaveLength(64);
  const shown = Array.from({ length: 70 }, (_, n) => room.retracted(n + 2));
  expect(shown).toEqual([...Array.from({ length: 69 }, () => true), false]);
});

test("a message typed while the link is cut arrives once, in its place", async () => {
  const { peer, socket, open } = setup();
  peer.store("r", "request.submitted", REQUEST);
  socket.start();
  const room = open("r");
  await settle(10);
  peer.socket.dead = true;
  const outcome = room.act("message.post", { text: "en plein milieu" });
  await settle(1);
  expect(room.pending.value).toMatchObject([{ state: "sent", body: { text: "en plein milieu" } }]);
  peer.socket.end(1006);
  await settle(10);
  expect(room.pending.value).toEqual([]);
  expect(await outcome).toMatchObject({ ok: true, seq: 2 });
  expect(room.timeline.value.items.map((evt) => evt.kind)).toEqual(["request.submitted", "message.posted"]);
});

test("without a link it is readable from what was kept, and says that it is stale", async () => {
  const { peer, shelf, socket, open } = setup();
  peer.store("r", "request.submitted", REQUEST);
  socket.start();
  open("r");
  await settle(2000);
  expect((await shelf.room("p-me", "r"))!.state.request!.patient.birth_name).toBe("TEST-MARTIN");
  socket.stop();
  const again = open("r");
  await settle();
  expect(again.status.value).toBe("stale");
  expect(again.state.value!.request!.clinical_question).toBe("?");
  expect(again.timeline.value.last).toBe(1);
});

test("the unread divider stands where this browser had stopped reading", async () => {
  const { peer, socket, open } = setup();
  peer.store("r", "request.submitted", REQUEST);
  socket.start();
  const before = open("r");
  await settle(2000);
  before.close();
  peer.store("r", "message.posted", { text: "new" });
  const room = open("r");
  await settle(10);
  expect(room.unreadFrom.value).toBe(2);
});

test("the divider stands where I left off each time I come back, and is not moved by what I read meanwhile", async () => {
  const { peer, socket, open } = setup();
  peer.store("r", "request.submitted", REQUEST);
  for (let n = 0; n < 4; n++) peer.store("r", "message.posted", { text: `m${n}` });
  socket.start();
  const room = open("r");
  room.resume();
  await settle(10);
  room.receipt({ person: "p-me", device: "d-other", got: 5, seen: 2 });
  room.receipt({ person: "p-you", device: "d", got: 5, seen: 5 });
  expect(room.unreadFrom.value).toBe(3);
  room.receipt({ person: "p-me", device: "d-third", got: 4, seen: 4 });
  expect(room.unreadFrom.value).toBe(5); // read up to there on another device
  room.seen(5);
  room.receipt({ person: "p-me", device: "d-other", got: 5, seen: 5 });
  expect(room.unreadFrom.value).toBe(5); // an echo: where I left off is where it was
  room.resume();
  expect(room.unreadFrom.value).toBe(0);
  peer.say("r", "message.posted", { text: "while I was in the list" });
  await settle(10);
  expect(room.unreadFrom.value).toBe(0);
  room.resume();
  expect(room.unreadFrom.value).toBe(6);
});

test("my acts: the one that is waited for first, none that the table refuses", async () => {
  const { peer, socket, open } = setup("radiologist");
  peer.store("r", "request.submitted", REQUEST);
  socket.start();
  const room = open("r");
  await settle(10);
  expect(room.acts.value[0]).toEqual({ kind: "case.claim", to: "claimed", waited: true });
  expect(room.may("protocol.issue")).toBe(false);
  expect(room.may("acquisition.start")).toBe(false);
  peer.say("r", "case.claimed", {}, "p-me");
  await settle(10);
  expect(room.acts.value[0]).toMatchObject({ kind: "justification.decide", waited: true });
  expect(room.may("case.claim")).toBe(false);
});

test("W-16: an act that could conflict says what was seen, a message does not", async () => {
  const { peer, socket, open } = setup();
  peer.store("r", "request.submitted", REQUEST);
  socket.start();
  const room = open("r");
  await settle(10);
  void room.act("justification.decide", { decision: "accept" });
  await settle(10);
  void room.act("message.post", { text: "x" });
  await settle(10);
  expect(peer.of("pub").map((frame) => frame.after)).toEqual([1, undefined]);
});

test("marks per person: stored, delivered, seen, acknowledged, unreachable", async () => {
  const { peer, socket, open } = setup();
  peer.store("r", "request.submitted", REQUEST, "p-lea");
  peer.store("r", "message.posted", { text: "x" }, "p-me");
  socket.start();
  const room = open("r");
  await settle(10);
  const mark = () => room.marks(2).find((one) => one.person === "p-lea")!.mark;
  expect(mark()).toBe("unreachable");
  peer.socket.send_({ t: "pres", room: "r", people: [{ person: "p-lea", name: "L", role: "requester", site: "s", state: "online", since: AT, devices: ["x"] }] });
  await settle();
  expect(mark()).toBe("stored");
  peer.socket.send_({ t: "rcpt", room: "r", person: "p-lea", device: "x", got: 2, seen: 1 });
  await settle();
  expect(mark()).toBe("delivered");
  peer.socket.send_({ t: "rcpt", room: "r", person: "p-lea", device: "x", got: 2, seen: 2 });
  await settle();
  expect(mark()).toBe("seen");
  peer.say("r", "quick.replied", { code: "understood", in_reply_to: 2 }, "p-lea");
  await settle();
  expect(mark()).toBe("acknowledged");
});

test("typing fades by itself, and with the message", async () => {
  const { peer, socket, open } = setup();
  peer.store("r", "request.submitted", REQUEST);
  socket.start();
  const room = open("r");
  await settle(10);
  const types = () => peer.socket.send_({ t: "eph", room: "r", key: "typing", body: true, from: { person: "p-other" } });
  types();
  await settle();
  expect(room.typing.value).toEqual(["p-other"]);
  await settle(5000);
  expect(room.typing.value).toEqual([]);
  types();
  peer.say("r", "message.posted", { text: "done" });
  await settle();
  expect(room.typing.value).toEqual([]);
});

const FORBIDDEN = { t: "err", room: "r", code: 403, slug: "forbidden", detail: "non / no", retry: false };

test("W-22: whoever is taken out keeps nothing of the room, neither on the screen nor on this device", async () => {
  const { peer, shelf, socket, open } = setup();
  peer.store("r", "request.submitted", REQUEST);
  socket.start();
  const room = open("r");
  await settle(2000);
  expect(await shelf.room("p-me", "r")).toBeDefined();
  peer.socket.send_(FORBIDDEN);
  peer.say("r", "message.posted", { text: "not for me" });
  await settle(2000);
  expect(room.status.value).toBe("refused");
  expect(room.state.value).toBeNull();
  expect(room.timeline.value.items).toEqual([]);
  expect(await shelf.room("p-me", "r")).toBeUndefined();
  room.close();
  socket.stop();
  const again = open("r");
  await settle(2000);
  expect(again.state.value).toBeNull();
});

test("W-22: taken out while away: the kept room goes with the refusal of the join", async () => {
  const { peer, shelf, socket, open } = setup();
  peer.store("r", "request.submitted", REQUEST);
  socket.start();
  open("r");
  await settle(2000);
  peer.socket.end(1006);
  peer.instead.push({ t: "join", times: 1, run: ({ re }, wire) => wire.send_({ ...FORBIDDEN, re }) });
  await settle(2000);
  expect(await shelf.room("p-me", "r")).toBeUndefined();
});

test("a room that is only out of reach stays readable", async () => {
  const { peer, shelf, socket, open } = setup();
  peer.store("r", "request.submitted", REQUEST);
  socket.start();
  const room = open("r");
  await settle(2000);
  peer.socket.end(1006);
  peer.instead.push({ t: "join", times: 1, run: ({ re }, wire) => wire.send_({ ...FORBIDDEN, re, code: 404, slug: "no_room" }) });
  await settle(2000);
  expect(room.state.value).not.toBeNull();
  expect(await shelf.room("p-me", "r")).toBeDefined();
});

/** Rooms over a link: every event once and in order, whatever is lost, repeated or cut. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Link } from "../src/core/link";
import { evolve } from "../src/core/room";
import { Socket } from "../src/core/socket";
import type { Evt, RoomState } from "../src/core/types";
import { Peer } from "./peer";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

function setup() {
  const peer = new Peer();
  const seen: number[] = [];
  const got: Evt[] = [];
  const log: string[] = [];
  let state: RoomState | null = null;
  const link = new Link({
    joined: (frame) => {
      state = frame.state;
      log.push(`joined ${frame.head}`);
    },
    events: (_, events) => {
      for (const event of events) {
        seen.push(event.seq);
        got.push(event);
        if (state !== null && event.seq === state.seq + 1) state = evolve(state, event);
      }
    },
    refused: (room, refusal) => log.push(`refused ${room} ${refusal.slug}`),
    behind: (room) => log.push(`behind ${room}`),
    other: (frame) => log.push(frame.t),
  });
  const socket = new Socket(
    { ticket: async () => "t", connect: peer.connect, device: "d", app: "test", random: () => 0 },
    {
      up: (welcome) => link.linked(welcome),
      down: () => link.unlinked(),
      frame: (frame) => link.frame(frame),
      reauth: () => undefined,
      stopped: () => undefined,
      failed: () => undefined,
      slow: () => undefined,
    },
  );
  link.use(socket);
  return { peer, link, socket, seen, got, log, state: () => state };
}

function fill(peer: Peer, room: string, count: number): void {
  for (let n = 0; n < count; n++) peer.store(room, "message.posted", { text: `m${n}` });
}

test("join, then live", async () => {
  const { peer, link, socket, seen, log } = setup();
  fill(peer, "r", 3);
  socket.start();
  link.join("r");
  await settle();
  expect(log).toEqual(["joined 3"]);
  peer.say("r", "message.posted", { text: "hello" });
  await settle();
  expect(seen).toEqual([4]);
});

test("a gap is read again from the cursor", async () => {
  const { peer, link, socket, seen } = setup();
  fill(peer, "r", 3);
  socket.start();
  link.join("r");
  await settle();
  peer.store("r", "message.posted", { text: "lost on the way" });
  peer.say("r", "message.posted", { text: "arrives" });
  await settle();
  expect(peer.of("join").map((frame) => frame.after)).toEqual([undefined, 3]);
  expect(seen).toEqual([4, 5]);
});

test("repeats and the past are dropped", async () => {
  const { peer, link, socket, seen } = setup();
  fill(peer, "r", 2);
  socket.start();
  link.join("r");
  await settle();
  const evt = peer.say("r", "message.posted", { text: "once" });
  peer.socket.send_({ t: "evt", ...evt });
  peer.socket.send_({ t: "evt", ...peer.journal.get("r")![0] });
  await settle();
  expect(seen).toEqual([3]);
});

test("W-14: a lost tail is found by the heads of a heartbeat", async () => {
  const { peer, link, socket, seen } = setup();
  fill(peer, "r", 2);
  socket.start();
  link.join("r");
  await settle();
  peer.store("r", "message.posted", { text: "the last word, lost" });
  peer.socket.send_({ t: "hb", n: 1, server_time: "", heads: { r: 3 } });
  await settle(1100);
  expect(seen).toEqual([3]);
});

test("a heartbeat that overtakes its event does not join again", async () => {
  const { peer, link, socket, seen } = setup();
  fill(peer, "r", 2);
  socket.start();
  link.join("r");
  await settle();
  peer.socket.send_({ t: "hb", n: 1, server_time: "", heads: { r: 3 } });
  peer.say("r", "message.posted", { text: "a moment later" });
  await settle(3000);
  expect(peer.of("join")).toHaveLength(1);
  expect(seen).toEqual([3]);
});

test("W-13: after a cut, the 1,200 missed events come in pages, once and in order", async () => {
  const { peer, link, socket, seen } = setup();
  fill(peer, "r", 1);
  socket.start();
  link.join("r");
  await settle();
  peer.socket.end(1006);
  fill(peer, "r", 1200);
  await settle(10);
  expect(seen).toEqual(Array.from({ length: 1200 }, (_, n) => n + 2));
});

test("W-13: another epoch drops the cursor", async () => {
  const { peer, link, socket, log } = setup();
  fill(peer, "r", 5);
  socket.start();
  link.join("r", { epoch: "before the restore", seq: 9 });
  await settle();
  expect(log).toEqual(["joined 5"]);
});

test("W-13: ahead of the server, too", async () => {
  const { peer, link, socket, log } = setup();
  fill(peer, "r", 5);
  socket.start();
  link.join("r", { epoch: "e1", seq: 9 });
  await settle();
  expect(log).toEqual(["joined 5", "behind r"]);
});

test("a room that is not mine is refused, and not asked for again and again", async () => {
  const { peer, link, socket, log } = setup();
  socket.start();
  link.join("nowhere");
  await settle(20_000);
  expect(log.filter((line) => line.startsWith("refused"))).toEqual(["refused nowhere no_room"]);
  expect(peer.of("join")).toHaveLength(1);
});

test("W-22: being put out of a room is said", async () => {
  const { peer, link, socket, log } = setup();
  fill(peer, "r", 1);
  socket.start();
  link.join("r");
  await settle();
  peer.socket.send_({ t: "err", room: "r", code: 403, slug: "forbidden", detail: "non / no", retry: false });
  await settle();
  expect(log.at(-1)).toBe("refused r forbidden");
});

test("receipts are cumulative, gathered, and said again after a cut", async () => {
  const { peer, link, socket } = setup();
  fill(peer, "r", 2);
  socket.start();
  link.join("r");
  await settle();
  for (let n = 0; n < 50; n++) peer.say("r", "message.posted", { text: "x" });
  await settle(300);
  link.receipt("seen", "r", 40);
  link.receipt("seen", "r", 30);
  await settle(300);
  expect(peer.of("got").map((frame) => frame.upto)).toEqual([52]);
  expect(peer.of("seen").map((frame) => frame.upto)).toEqual([40]);
  peer.socket.end(1006);
  await settle(600);
  expect(peer.of("seen").map((frame) => frame.upto)).toEqual([40, 40]);
});

test("W-15: the state of the join folded with what follows is the state at every later seq", async () => {
  const { peer, link, socket, state } = setup();
  peer.store("r", "request.submitted", {
    patient: { birth_name: "TEST-MARTIN" },
    urgency: "P1",
    modality_wanted: "CT",
    region: ["head"],
    clinical_question: "?",
    site: "s",
  });
  socket.start();
  link.join("r");
  await settle();
  const acts: [string, object][] = [
    ["case.claimed", {}],
    ["message.posted", { text: "bonjour" }],
    ["justification.decided", { decision: "accept" }],
    ["information.asked", { question: "since when?" }],
  ];
  for (const [kind, body] of acts) {
    peer.say("r", kind, body);
    await settle();
    expect(state()).toEqual(peer.state("r"));
  }
  expect(state()!.stage).toBe("justified");
});

test("a lost ok is made good by the event itself", async () => {
  const { peer, link, socket } = setup();
  fill(peer, "r", 1);
  socket.start();
  link.join("r");
  await settle();
  peer.instead.push({ t: "pub", times: 1, run: (frame) => peer.say("r", "message.posted", frame.body, "p-me", frame.cid) });
  const entry = { cid: "c1", person: "p-me", role: "radiologist" as const, site: "s", room: "r", kind: "message.post" as const, body: { text: "x" }, given: 0, state: "queued" as const, tries: 0, kept: true };
  const answer = link.publish(entry);
  await settle();
  expect(await answer).toEqual({ ok: true, seq: 2, dup: false, room: "r" });
});

test("a join without an answer is asked again on a fresh link after 10 s", async () => {
  const { peer, link, socket, log, seen } = setup();
  fill(peer, "r", 2);
  peer.instead.push({ t: "join", times: 1, run: () => undefined });
  socket.start();
  link.join("r");
  await settle(9_900);
  expect(peer.sockets).toHaveLength(1);
  await settle(200);
  expect(peer.sockets).toHaveLength(2);
  expect(log.filter((line) => line !== "pong")).toEqual(["joined 2"]);
  peer.say("r", "message.posted", { text: "x" });
  await settle();
  expect(seen).toEqual([3]);
});

test("a room that never answers lets go of the link less and less often", async () => {
  const { peer, link, socket } = setup();
  peer.instead.push({ t: "join", times: 99, run: () => undefined });
  socket.start();
  link.join("r");
  await settle(69_000);
  expect(peer.sockets).toHaveLength(3);
});

test("an answered join does not cut the link later", async () => {
  const { peer, link, socket } = setup();
  fill(peer, "r", 2);
  socket.start();
  link.join("r");
  link.join("nowhere");
  await settle(60_000);
  expect(peer.sockets).toHaveLength(1);
});

test("W-22: whoever was taken out and let in again joins anew", async () => {
  const { peer, link, socket, log } = setup();
  fill(peer, "r", 3);
  socket.start();
  link.join("r");
  await settle();
  peer.socket.send_({ t: "err", room: "r", code: 403, slug: "forbidden", detail: "non / no", retry: false });
  await settle();
  peer.socket.end(1006);
  await settle(10);
  expect(peer.of("join").map((frame) => frame.after)).toEqual([undefined, undefined]);
  expect(log).toEqual(["joined 3", "refused r forbidden", "joined 3"]);
});

test("a refused join that may be tried again is, although it names its room", async () => {
  const { peer, link, socket, log } = setup();
  fill(peer, "r", 1);
  const down = { t: "err", code: 503, slug: "storage_unavailable", detail: "non / no", retry: true, room: "r" };
  peer.instead.push({ t: "join", times: 1, run: ({ re }, wire) => wire.send_({ ...down, re }) });
  socket.start();
  link.join("r");
  await settle(1000);
  expect(log).toEqual(["joined 1"]);
});

test("W-13: events of before a restore are not held for those of after it", async () => {
  const { peer, link, socket, log, seen } = setup();
  fill(peer, "r", 5);
  socket.start();
  link.join("r");
  await settle();
  peer.epoch = "e2";
  peer.journal.get("r")!.length = 2;
  fill(peer, "r", 4); // others have taken the seqs meanwhile
  peer.socket.end(1006);
  await settle(10);
  expect(log).toEqual(["joined 5", "joined 6"]);
  peer.say("r", "message.posted", { text: "x" });
  await settle();
  expect(seen).toEqual([7]);
});

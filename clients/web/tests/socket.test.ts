/** The socket comes back as wire.md says: codes, heartbeats, backoff, the server's word first. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { byCode, delay, FIRST_MS, MOST_MS } from "../src/core/backoff";
import { Refused, UNREACHABLE } from "../src/core/refusal";
import { Socket } from "../src/core/socket";
import { Peer } from "./peer";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function setup(random = 1) {
  const peer = new Peer();
  const log: string[] = [];
  const tickets = { given: 0, problem: null as unknown };
  const socket = new Socket(
    {
      ticket: async () => {
        if (tickets.problem !== null) throw tickets.problem;
        return `ticket-${++tickets.given}`;
      },
      connect: peer.connect,
      device: "device-1",
      app: "test",
      random: () => random,
    },
    {
      up: () => log.push("up"),
      down: () => log.push("down"),
      frame: (frame) => log.push(`frame ${frame.t}`),
      reauth: (slug) => log.push(`reauth ${slug}`),
      stopped: (slug) => log.push(`stopped ${slug}`),
      failed: (inARow) => log.push(`failed ${inARow}`),
      slow: (late) => log.push(`slow ${late}`),
    },
  );
  return { peer, log, tickets, socket };
}

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

test("the first frame is hello, with a ticket and never with a token in the address", async () => {
  const { peer, log, socket } = setup();
  socket.start();
  await settle();
  expect(peer.heard[0]).toMatchObject({ t: "hello", ticket: "ticket-1", device: "device-1" });
  expect(log).toEqual(["up"]);
});

test("every link of a page names the same instance, and a second tab of the same device another", async () => {
  const one = setup();
  const other = setup();
  one.socket.start();
  other.socket.start();
  await settle();
  one.peer.socket.end(1006);
  await settle(MOST_MS);
  const said = (peer: Peer) => peer.of("hello").map((frame) => [frame.device, frame.instance]);
  const [first, again] = said(one.peer);
  expect(again).toEqual(first);
  expect(first?.[1]).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
  const [second] = said(other.peer);
  expect(second?.[0]).toBe(first?.[0]);
  expect(second?.[1]).not.toBe(first?.[1]);
});

test("jitter stays between nothing and the ceiling, which doubles from 250 ms to 10 s", () => {
  for (let tries = 0; tries < 40; tries++) {
    const ceiling = Math.min(MOST_MS, FIRST_MS * 2 ** tries);
    expect(delay(tries, () => 0)).toBe(0);
    expect(delay(tries, () => 0.999999)).toBeLessThan(ceiling);
    expect(delay(tries, () => 0.999999)).toBeGreaterThan(ceiling * 0.99);
  }
});

test.each([
  [4000, "never"],
  [4008, "never"],
  [4009, "never"],
  [4099, "never"],
  [4100, "backoff"],
  [4103, "backoff"],
  [4199, "backoff"],
  [4200, "now"],
  [4201, "now"],
  [4299, "now"],
  [4300, "reauth"],
  [4302, "reauth"],
  [4399, "reauth"],
  [1006, "backoff"],
  [1001, "backoff"],
  [1009, "backoff"],
])("close code %i means %s", (code, how) => {
  expect(byCode(code)).toBe(how);
});

test("4000-4099: it does not come back", async () => {
  const { peer, log, socket } = setup();
  socket.start();
  await settle();
  peer.socket.end(4008);
  await settle(60_000);
  expect(peer.sockets).toHaveLength(1);
  expect(log).toEqual(["up", "down", "stopped 4008"]);
});

test("4300-4399: log in first, and no try before that", async () => {
  const { peer, log, socket } = setup();
  socket.start();
  await settle();
  peer.socket.end(4302);
  await settle(60_000);
  expect(peer.sockets).toHaveLength(1);
  expect(log).toEqual(["up", "down", "reauth 4302"]);
  socket.start();
  await settle();
  expect(log.at(-1)).toBe("up");
});

test("4200-4299: at once", async () => {
  const { peer, socket } = setup();
  socket.start();
  await settle();
  peer.socket.end(4204);
  await settle(1);
  expect(peer.sockets).toHaveLength(2);
});

test("a bye says what a proxy turned into 1006, and its after_ms wins", async () => {
  const { peer, socket } = setup();
  socket.start();
  await settle();
  peer.socket.send_({ t: "bye", code: 4201, slug: "draining", reconnect: "now", after_ms: 3000, resume: true });
  peer.socket.end(1006);
  await settle(2900);
  socket.kick(); // a person looks again: the server still wins
  await settle(50);
  expect(peer.sockets).toHaveLength(1);
  await settle(100);
  expect(peer.sockets).toHaveLength(2);
});

test("backoff grows while nothing holds, and begins anew after a link that held", async () => {
  const { peer, socket } = setup(0.999999);
  socket.start();
  await settle();
  peer.socket.end(1006);
  await settle(240);
  expect(peer.sockets).toHaveLength(1);
  await settle(20);
  expect(peer.sockets).toHaveLength(2);
  peer.socket.end(1006);
  await settle(480);
  expect(peer.sockets).toHaveLength(2);
  await settle(40);
  expect(peer.sockets).toHaveLength(3);
  await settle(6000);
  peer.socket.end(1006);
  await settle(260);
  expect(peer.sockets).toHaveLength(4);
});

test("online and visible do not wait out the backoff", async () => {
  const { peer, socket } = setup(0.999999);
  socket.start();
  await settle();
  peer.socket.end(1006);
  await settle(10);
  expect(peer.sockets).toHaveLength(1);
  socket.kick();
  await settle();
  expect(peer.sockets).toHaveLength(2);
});

test("W-14: 25 s of silence mean the link is gone", async () => {
  const { peer, log, socket } = setup(0);
  socket.start();
  await settle();
  peer.socket.dead = true;
  await settle(24_900);
  expect(log).not.toContain("down");
  await settle(200);
  expect(log).toContain("down");
  expect(peer.sockets).toHaveLength(2);
});

test("W-14: with heartbeats of 5 s it is 12 s", async () => {
  const { peer, log, socket } = setup(0);
  peer.heartbeat = 5000;
  socket.start();
  await settle();
  peer.socket.dead = true;
  await settle(12_600);
  expect(log).toContain("down");
});

test("a late answer makes it slow, the next word makes it well", async () => {
  const { peer, log, socket } = setup();
  peer.instead.push({ t: "ping", times: 1, run: () => undefined });
  socket.start();
  await settle(12_100);
  expect(log).toContain("slow true");
  peer.socket.send_({ t: "hb", n: 1, server_time: "", heads: {} });
  await settle();
  expect(log).toContain("slow false");
});

test("offline is probed: without a sign of life within 3 s it is given up", async () => {
  const { peer, log, socket } = setup();
  socket.start();
  await settle();
  peer.socket.dead = true;
  socket.probe();
  await settle(3100);
  expect(log).toContain("down");
});

test("401 on the ticket: log in first; no network: try again", async () => {
  const { peer, log, tickets, socket } = setup(0);
  tickets.problem = new Refused(UNREACHABLE);
  socket.start();
  await settle(1);
  expect(log).not.toContain("up");
  tickets.problem = new Refused({ ...UNREACHABLE, code: 401, slug: "not_authenticated" });
  await settle(100);
  expect(log.at(-1)).toBe("reauth not_authenticated");
  expect(peer.sockets).toHaveLength(0);
});

test("a socket that never says welcome is counted, so that the stream can take over", async () => {
  const { peer, log, socket } = setup(0);
  peer.instead.push({ t: "hello", times: 3, run: (_, wire) => wire.end(1006) });
  socket.start();
  await settle(10);
  expect(log.filter((line) => line.startsWith("failed"))).toEqual(["failed 1", "failed 2", "failed 3"]);
});

test("what is no frame is skipped, and the socket stays", async () => {
  const { peer, log, socket } = setup();
  socket.start();
  await settle();
  peer.socket.onmessage?.({ data: "not json" });
  peer.socket.onmessage?.({ data: "[1]" });
  peer.socket.onmessage?.({ data: new Blob() });
  peer.socket.send_({ t: "from_the_future" });
  await settle();
  expect(log).toEqual(["up", "frame from_the_future"]);
});

test.each([
  ["with its bye", true],
  ["where a proxy swallowed the bye", false],
])("4101: the hub is overloaded, and nobody hurries back, %s", async (_, said) => {
  const { peer, socket } = setup(0);
  socket.start();
  await settle(6000);
  if (said) peer.socket.send_({ t: "bye", code: 4101, slug: "overloaded", reconnect: "backoff", after_ms: 0, resume: true });
  peer.socket.end(4101);
  await settle(10);
  socket.kick();
  await settle(900);
  expect(peer.sockets).toHaveLength(1);
  await settle(200);
  expect(peer.sockets).toHaveLength(2);
});

test("a farewell before the welcome is no broken proxy", async () => {
  const { peer, log, socket } = setup(0);
  const bye = { t: "bye", code: 4101, slug: "overloaded", reconnect: "backoff", after_ms: 0, resume: true };
  peer.instead.push({ t: "hello", times: 5, run: (_, wire) => (wire.send_(bye), wire.end(4101)) });
  socket.start();
  await settle(6000);
  expect(new Set(log)).toEqual(new Set(["failed 0", "up"]));
});

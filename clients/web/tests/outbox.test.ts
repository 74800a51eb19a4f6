/** No text is ever lost: kept and sent at once, in order, retried with its cid, refused with its reason. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Outbox, type Answer } from "../src/core/outbox";
import { Fleeting, openShelf, type Entry, type Shelf } from "../src/core/shelf";
import type { Part, Refusal } from "../src/core/types";

// IndexedDB in memory settles by setImmediate: only the clocks are ours
beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
afterEach(() => vi.useRealTimers());

/** Let IndexedDB and promises come to rest, then move the clock. */
async function settle(ms = 0): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve));
  await vi.advanceTimersByTimeAsync(ms);
  for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const P: Part = { person: "p", role: "radiologist", site: "s" };

let shelves = 0;
const shelf = (): Promise<Shelf> => openShelf(`test-${++shelves}`);

const FINAL: Refusal = { code: 409, slug: "wrong_stage", fr: "non", en: "no", retry: false };
const DOWN: Refusal = { code: 503, slug: "storage_unavailable", fr: "non", en: "no", retry: true, retry_after_ms: 500 };

function hub(kept: Shelf) {
  const sent: Entry[] = [];
  const script: (Answer | ((entry: Entry) => Answer))[] = [];
  const stored = new Map<string, number>();
  const send = async (entry: Entry): Promise<Answer> => {
    sent.push(entry);
    const next = script.shift();
    if (next !== undefined) return typeof next === "function" ? next(entry) : next;
    const dup = stored.has(entry.cid);
    if (!dup) stored.set(entry.cid, stored.size + 1);
    return { ok: true, seq: stored.get(entry.cid)!, dup, room: entry.room };
  };
  const outbox = new Outbox({ shelf: kept, send, random: () => 0 });
  return { outbox, sent, script, stored };
}

test("on the shelf before its answer, removed when it is stored", async () => {
  const kept = await shelf();
  const { outbox, script } = hub(kept);
  let onShelf = 0;
  await outbox.load(P);
  outbox.up(P);
  script.push((entry) => {
    void kept.entries().then((entries) => (onShelf = entries.filter((one) => one.cid === entry.cid).length));
    return { ok: true, seq: 1, dup: false, room: "r" };
  });
  const outcome = await outbox.give("r", "message.post", { text: "bonjour" });
  expect(outcome).toEqual({ ok: true, seq: 1, dup: false, room: "r" });
  await settle();
  expect(onShelf).toBe(1);
  expect(await kept.entries()).toEqual([]);
  expect(outbox.entries.value).toEqual([]);
});

/** A shelf whose writes end when the test says so. */
async function slowShelf() {
  const kept = await shelf();
  const put = kept.put.bind(kept);
  let press: (() => void) | undefined;
  const pressed = new Promise<void>((resolve) => (press = resolve));
  kept.put = async (entry) => {
    await put(entry);
    await pressed;
  };
  return { kept, press: press! };
}

test("it is sent at once, however long the disk takes, and is not called kept before", async () => {
  const { kept, press } = await slowShelf();
  const { outbox, sent, script } = hub(kept);
  await outbox.load(P);
  outbox.up(P);
  script.push("lost", { ok: false, refusal: DOWN });
  void outbox.give("r", "message.post", { text: "x" });
  expect(sent).toHaveLength(1);
  await settle();
  expect(outbox.entries.value).toMatchObject([{ kept: false }]);
  press();
  await settle();
  expect(outbox.entries.value).toMatchObject([{ kept: true }]);
});

test("an ok that overtakes the disk leaves nothing on the shelf", async () => {
  const { kept, press } = await slowShelf();
  const { outbox } = hub(kept);
  await outbox.load(P);
  outbox.up(P);
  expect(await outbox.give("r", "message.post", { text: "x" })).toMatchObject({ ok: true });
  press();
  await settle();
  expect(await kept.entries()).toEqual([]);
});

test("the next one of a room waits for the answer before it, not for this device's disk", async () => {
  const { kept } = await slowShelf();
  kept.done = () => new Promise(() => undefined);
  const { outbox, sent } = hub(kept);
  await outbox.load(P);
  outbox.up(P);
  for (const text of ["un", "deux", "trois"]) void outbox.give("r", "message.post", { text });
  expect(sent.map((entry) => entry.body)).toEqual([{ text: "un" }]);
  await settle();
  expect(sent.map((entry) => entry.body)).toEqual([{ text: "un" }, { text: "deux" }, { text: "trois" }]);
});

test("neither kept nor stored: nobody is told that it is safe", async () => {
  const { kept, press } = await slowShelf();
  const { outbox } = hub(kept);
  await outbox.load(P);
  let outcome: unknown;
  void outbox.give("r", "message.post", { text: "x" }).then((told) => (outcome = told));
  await settle(4100);
  expect(outcome).toBeUndefined();
  press();
  await settle();
  expect(outcome).toEqual({ ok: false, kept: true });
  kept.put = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
  void outbox.give("r", "message.post", { text: "y" }).then((told) => (outcome = told));
  await settle(4100);
  expect(outcome).toEqual({ ok: false, kept: false });
  expect(outbox.volatile).toBe(true);
});

test("W-12: a lost ok is retried with the same cid, and the dup removes it", async () => {
  const { outbox, sent, script, stored } = hub(await shelf());
  await outbox.load(P);
  outbox.up(P);
  script.push((entry) => {
    stored.set(entry.cid, 7); // stored, and the answer is lost
    return "lost";
  });
  void outbox.give("r", "message.post", { text: "x" });
  await settle(1000);
  expect(sent.map((entry) => entry.cid)).toEqual([sent[0]!.cid, sent[0]!.cid]);
  expect(stored.size).toBe(1);
  expect(outbox.entries.value).toEqual([]);
});

test("a reload while the answer is on its way sends again, with the same cid", async () => {
  const kept = await shelf();
  const sent: string[] = [];
  const never = new Outbox({
    shelf: kept,
    send: (entry) => {
      sent.push(entry.cid);
      return new Promise(() => undefined); // the page goes away first
    },
  });
  await never.load(P);
  never.up(P);
  void never.give("r", "message.post", { text: "written as the page was closed" });
  await settle();
  const again = hub(kept);
  await again.outbox.load(P);
  again.outbox.up(P);
  await settle();
  expect(again.sent.map((entry) => entry.cid)).toEqual(sent);
  expect(again.outbox.entries.value).toEqual([]);
});

test("offline texts survive the page", async () => {
  const kept = await shelf();
  const before = hub(kept);
  await before.outbox.load(P);
  for (const text of ["un", "deux", "trois"]) void before.outbox.give("r", "message.post", { text });
  await settle();
  const after = hub(kept);
  await after.outbox.load(P);
  after.outbox.up(P);
  await settle();
  expect(after.sent.map((entry) => entry.body)).toEqual([{ text: "un" }, { text: "deux" }, { text: "trois" }]);
  expect(await kept.entries()).toEqual([]);
});

test("order is kept per room: what comes after waits for a retry, other rooms do not", async () => {
  const { outbox, sent, script } = hub(await shelf());
  await outbox.load(P);
  outbox.up(P);
  script.push({ ok: false, refusal: DOWN });
  void outbox.give("a", "message.post", { text: "a1" });
  await settle();
  void outbox.give("a", "message.post", { text: "a2" });
  void outbox.give("b", "message.post", { text: "b1" });
  await settle();
  expect(sent.map((entry) => (entry.body as { text: string }).text)).toEqual(["a1", "b1"]);
  await settle(600);
  expect(sent.map((entry) => (entry.body as { text: string }).text)).toEqual(["a1", "b1", "a1", "a2"]);
});

test("the hub's retry_after_ms is waited for", async () => {
  const { outbox, sent, script } = hub(await shelf());
  await outbox.load(P);
  outbox.up(P);
  script.push({ ok: false, refusal: { ...DOWN, retry_after_ms: 3000 } });
  void outbox.give("r", "message.post", { text: "x" });
  await settle(2900);
  expect(sent).toHaveLength(1);
  await settle(200);
  expect(sent).toHaveLength(2);
});

test("a final refusal keeps the text with its reason, over a reload", async () => {
  const kept = await shelf();
  const { outbox, script } = hub(kept);
  await outbox.load(P);
  outbox.up(P);
  script.push({ ok: false, refusal: FINAL });
  const outcome = await outbox.give("r", "message.post", { text: "precious" });
  expect(outcome).toEqual({ ok: false, refusal: FINAL });
  await settle();
  const after = hub(kept);
  await after.outbox.load(P);
  after.outbox.up(P);
  await settle();
  expect(after.sent).toEqual([]);
  expect(after.outbox.entries.value).toMatchObject([{ state: "refused", body: { text: "precious" }, refusal: FINAL }]);
  const { cid } = after.outbox.entries.value[0]!;
  await Promise.all([after.outbox.resend(cid), settle()]);
  await settle();
  expect(after.sent.map((entry) => entry.body)).toEqual([{ text: "precious" }]);
  expect(after.sent[0]!.cid).not.toBe(cid);
  expect(await kept.entries()).toEqual([]);
});

test("forgotten only by hand, and never while it is under way", async () => {
  const kept = await shelf();
  const { outbox, script } = hub(kept);
  await outbox.load(P);
  outbox.up(P);
  script.push({ ok: false, refusal: FINAL });
  await outbox.give("r", "message.post", { text: "x" });
  await settle();
  await Promise.all([outbox.forget(outbox.entries.value[0]!.cid), settle()]);
  expect(await kept.entries()).toEqual([]);
});

test("without a link it says `kept` after four seconds, and stores it later", async () => {
  const { outbox, sent } = hub(await shelf());
  await outbox.load(P);
  const outcome = outbox.give("r", "message.post", { text: "x" });
  await settle(4100);
  expect(await outcome).toEqual({ ok: false, kept: true });
  expect(outbox.entries.value).toHaveLength(1);
  outbox.up(P);
  await settle();
  expect(sent).toHaveLength(1);
});

const ANNE: Part = { ...P, person: "anne" };
const BOB: Part = { ...P, person: "bob" };

test("what one person wrote is never sent in the name of another", async () => {
  const { outbox, sent } = hub(await shelf());
  await outbox.load(ANNE);
  void outbox.give("r", "message.post", { text: "anne's" });
  await settle();
  await outbox.load(BOB);
  outbox.up(BOB);
  await settle();
  expect(sent).toEqual([]);
  expect(outbox.entries.value).toEqual([]);
  outbox.down();
  await outbox.load(ANNE);
  outbox.up(ANNE);
  await settle();
  expect(sent).toMatchObject([{ person: "anne", body: { text: "anne's" } }]);
});

test("a link that speaks for somebody else takes nothing", async () => {
  const { outbox, sent } = hub(await shelf());
  await outbox.load(ANNE);
  outbox.up(BOB);
  void outbox.give("r", "message.post", { text: "anne's" });
  await settle();
  expect(sent).toEqual([]);
  expect(outbox.entries.value).toMatchObject([{ state: "queued" }]);
});

test("what was given in one role waits for it, is shown with its reason, and keeps nothing else waiting", async () => {
  const { outbox, sent } = hub(await shelf());
  const regulator: Part = { ...P, role: "regulator" };
  await outbox.load(P);
  void outbox.give("r", "message.post", { text: "as radiologist" });
  await settle();
  await outbox.load(regulator);
  outbox.up(regulator);
  void outbox.give("r", "message.post", { text: "as regulator" });
  await settle();
  expect(sent).toMatchObject([{ role: "regulator", body: { text: "as regulator" } }]);
  expect(outbox.entries.value).toMatchObject([{ role: "radiologist", refusal: { slug: "other_part" } }]);
  outbox.down();
  await outbox.load(P);
  outbox.up(P);
  await settle();
  expect(sent[1]).toMatchObject({ role: "radiologist", body: { text: "as radiologist" } });
  expect(outbox.entries.value).toEqual([]);
});

test("what the disk refused outlives the next person at this page", async () => {
  const { outbox, sent } = hub(new Fleeting());
  await outbox.load(ANNE);
  void outbox.give("r", "message.post", { text: "anne's" });
  outbox.leave();
  expect(outbox.entries.value).toEqual([]);
  await outbox.load(BOB);
  await outbox.load(ANNE);
  outbox.up(ANNE);
  await settle();
  expect(sent).toHaveLength(1);
});

test("thrown away on demand: hers, and nobody else's", async () => {
  const kept = await shelf();
  const { outbox } = hub(kept);
  await outbox.load(BOB);
  void outbox.give("r", "message.post", { text: "bob's" });
  await outbox.load(ANNE);
  void outbox.give("r", "message.post", { text: "anne's" });
  await settle();
  await Promise.all([outbox.empty(), settle()]);
  expect(await kept.entries()).toMatchObject([{ person: "bob" }]);
});

test("nobody logged in: nothing is taken that nobody would send", async () => {
  const { outbox } = hub(await shelf());
  expect(await outbox.give("r", "message.post", { text: "x" })).toMatchObject({ ok: false, refusal: { code: 401 } });
});

/** Three messages stored under the epoch `e1`. */
async function three() {
  const all = hub(await shelf());
  await all.outbox.load(P);
  all.outbox.up(P, "e1");
  await settle();
  for (const text of ["un", "deux", "trois"]) await Promise.all([all.outbox.give("r", "message.post", { text }, 7), settle()]);
  return { ...all, cids: all.sent.map((entry) => entry.cid) };
}

test("W-13: what a restored hub lost is offered again, whatever stands at its seq by now", async () => {
  const { outbox, sent, cids } = await three();
  await Promise.all([outbox.under("e2"), settle()]);
  await settle();
  expect(sent.slice(3).map((entry) => entry.cid)).toEqual(cids);
  expect(sent.slice(3).map((entry) => entry.after)).toEqual([7, 7, 7]);
});

test("W-13: offered once for an epoch, and older words before newer ones", async () => {
  const { outbox, sent, cids } = await three();
  outbox.down();
  void outbox.give("r", "message.post", { text: "quatre" });
  outbox.up(P, "e2");
  await settle();
  expect(sent.slice(3, 6).map((entry) => entry.cid)).toEqual(cids);
  expect(sent[6]!.body).toEqual({ text: "quatre" });
  await Promise.all([outbox.under("e2"), settle()]);
  outbox.up(P, "e2");
  await settle();
  expect(sent).toHaveLength(7);
});

test("W-13: a reload in between notices the restore too", async () => {
  const kept = await shelf();
  const before = hub(kept);
  await before.outbox.load(P);
  before.outbox.up(P, "e1");
  await Promise.all([before.outbox.give("r", "message.post", { text: "x" }), settle()]);
  const same = hub(kept);
  await same.outbox.load(P);
  same.outbox.up(P, "e1");
  await settle();
  expect(same.sent).toEqual([]);
  const restored = hub(kept);
  await restored.outbox.load(P);
  restored.outbox.up(P, "e2");
  await settle();
  expect(restored.sent.map((entry) => entry.cid)).toEqual(before.sent.map((entry) => entry.cid));
});

test("W-13: a hub that is behind without a new epoch is offered everything", async () => {
  const { outbox, sent } = await three();
  await Promise.all([outbox.offerAgain(), settle()]);
  await settle();
  expect(sent).toHaveLength(6);
});

test("W-13: a request is kept as a copy too, in the room that it opened", async () => {
  const { outbox, sent, script } = hub(await shelf());
  await outbox.load(P);
  outbox.up(P, "e1");
  await settle();
  script.push({ ok: true, seq: 1, dup: false, room: "made" });
  await Promise.all([outbox.give("", "request.submit", { region: ["head"] }), settle()]);
  await Promise.all([outbox.give("made", "message.post", { text: "x" }), settle()]);
  await Promise.all([outbox.under("e2"), settle()]);
  await settle();
  expect(sent.slice(2)).toMatchObject([
    { kind: "request.submit", room: "made", cid: sent[0]!.cid },
    { kind: "message.post", room: "made", cid: sent[1]!.cid },
  ]);
});

test("without IndexedDB it works, and says that a reload would lose it", async () => {
  const { outbox, sent } = hub(new Fleeting());
  await outbox.load(P);
  outbox.up(P);
  expect(outbox.volatile).toBe(true);
  await outbox.give("r", "message.post", { text: "x" });
  expect(sent).toHaveLength(1);
});

test("a shelf that breaks is said, and the text is sent all the same", async () => {
  const kept = await shelf();
  kept.put = async () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const { outbox, sent } = hub(kept);
  await outbox.load(P);
  outbox.up(P);
  const outcome = outbox.give("r", "message.post", { text: "x" });
  await settle();
  expect(await outcome).toMatchObject({ ok: true });
  expect(outbox.volatile).toBe(true);
  expect(sent).toHaveLength(1);
});

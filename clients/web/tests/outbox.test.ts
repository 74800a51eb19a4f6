/** No text is ever lost: kept and sent at once, in order, retried with its cid, refused with its reason. */
import { expect, test } from "vitest";
import { Outbox } from "../src/core/outbox";
import { Fleeting } from "../src/core/shelf";
import type { Refusal } from "../src/core/types";
import { hub, P, restingClocks, settle, shelf } from "./box";

const FINAL: Refusal = { code: 409, slug: "wrong_stage", fr: "non", en: "no", retry: false };
const DOWN: Refusal = { code: 503, slug: "storage_unavailable", fr: "non", en: "no", retry: true, retry_after_ms: 500 };

restingClocks();

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

/** An act is sent as whoever gave it and in that role only; to a restored hub it is offered again. */
import { expect, test } from "vitest";
import { Fleeting } from "../src/core/shelf";
import type { Part } from "../src/core/types";
import { hub, P, restingClocks, settle, shelf } from "./box";

restingClocks();

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

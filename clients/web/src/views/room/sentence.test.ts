import { expect, test } from "vitest";
import type { Evt, RoomState } from "../../core";
import { empty } from "../../core/room";
import { EVENT_CLASS } from "../../generated/wire";
import "../../i18n/inside";
import { isReplaced, isUrgent, sentence, tone } from "./sentence";

const BODY = {
  modality_wanted: "CT", region: ["head"], urgency: "P0", version: 2, decision: "refuse", code: "call_me", text: "Bonjour", person: "x", name: "Dr Inès",
  category: "scanner", clock: "claim", limit_at: "2026-11-21T23:00:00.000Z", to: "omar", received_at: "2026-11-21T22:50:00.000Z",
};

const evt = (kind: string, body: object = BODY): Evt =>
  ({ room: "r", seq: 1, id: "i", at: "2026-11-21T22:42:00.000Z", from: { person: "omar", name: "Dr Omar", role: "radiologist", site: "s", device: "d" }, kind, body }) as Evt;

test("every event that the hub can store has its sentence, with nothing left to fill", () => {
  const kinds = Object.keys(EVENT_CLASS);
  expect(kinds.length).toBeGreaterThanOrEqual(30);
  for (const kind of kinds) {
    const words = sentence(evt(kind), null);
    expect(words, kind).not.toBe(kind);
    expect(words, kind).not.toMatch(/[{}]|undefined/);
  }
});

test("an event of a later hub is shown by its kind, not swallowed", () => {
  expect(sentence(evt("later.told"), null)).toBe("later.told");
});

test("the words of client.md", () => {
  expect(sentence(evt("protocol.amended"), null)).toBe("Protocole v2 remplace la v1 : à relire et confirmer.");
  expect(sentence(evt("case.claimed", {}), null)).toBe("Pris en charge par Dr Omar à 23:42.");
});

test("a version says what has become of it", () => {
  const at = (version: number, acknowledged: number | null): RoomState =>
    ({ ...empty("r"), protocol: { protocol: { version } }, acknowledgement: acknowledged === null ? null : { version: acknowledged } }) as unknown as RoomState;
  const v2 = evt("protocol.amended");
  expect(sentence(v2, at(2, null))).toBe("Protocole v2 remplace la v1 : à relire et confirmer.");
  expect(sentence(v2, at(2, 2))).toBe("Protocole v2 remplace la v1 : relu et confirmé.");
  expect(sentence(v2, at(3, null))).toBe("Protocole v2, remplacé depuis par la v3.");
  expect(sentence(evt("protocol.issued"), at(2, 2))).toBe("Protocole v2 de Dr Omar : relu et confirmé.");
  expect([isReplaced(v2, at(2, 2)), isReplaced(v2, at(3, null)), isReplaced(evt("message.posted"), at(3, 3))]).toEqual([false, true, false]);
  expect(sentence(evt("protocol.issued", { ...BODY, version: 1 }), at(3, 3))).toBe("Protocole v1, remplacé depuis par la v3.");
});

test("red is only danger to a patient, amber only a clock, green only an acknowledgement", () => {
  expect(tone(evt("incident.opened", { category: "network" }))).toBe("accent");
  expect(tone(evt("incident.opened", { category: "contrast_reaction" }))).toBe("danger");
  expect(tone(evt("deadline.passed"))).toBe("clock");
  expect(tone(evt("protocol.acknowledged"))).toBe("ack");
  expect([isUrgent(evt("protocol.amended")), isUrgent(evt("message.posted"))]).toEqual([true, false]);
});

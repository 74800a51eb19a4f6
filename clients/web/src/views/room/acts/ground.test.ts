import { expect, test } from "vitest";
import type { RoomState } from "../../../core";
import { moved } from "./ground";

const room = (some: object = {}): RoomState =>
  ({ stage: "ready", request_version: 1, protocol: { content_hash: "v2", protocol: { version: 2 } }, checklist: { completed: { seq: 9 } }, owner: null, ...some }) as unknown as RoomState;
const V3 = { protocol: { content_hash: "v3", protocol: { version: 3 } }, stage: "protocolled" };

test("an amended protocol stops what stands on it, even where the act would still be possible", () => {
  for (const kind of ["acquisition.start", "checklist.complete", "protocol.acknowledge", "acquisition.end"] as const)
    expect(moved(kind, room(), room(V3), true), kind).toBe("protocol");
});

test("the request, the checks, the owner and the stage are ground too", () => {
  expect(moved("acquisition.start", room(), room({ request_version: 2 }), true)).toBe("request");
  expect(moved("acquisition.start", room(), room({ checklist: { completed: { seq: 12 } } }), true)).toBe("checklist");
  expect(moved("acquisition.end", room({ stage: "acquiring" }), room({ stage: "protocolled" }), false)).toBe("stage");
  expect(moved("case.claim", room(), room({ owner: { person: "ines" } }), true)).toBe("owner");
});

test("an incident can be declared on any ground; what is no longer possible says so", () => {
  expect(moved("incident.open", room(), room(V3), true)).toBe("");
  expect(moved("acquisition.abort", room(), room(V3), true)).toBe("");
  expect(moved("protocol.query", room(), room({ stage: "closed" }), false)).toBe("gone");
});

test("nothing moved, nothing is stopped", () => {
  expect(moved("acquisition.start", room(), room({ messages: 3 }), true)).toBe("");
});

/** What is offered goes by more than role and stage: who has the exam, and what waits for an answer. */
import { expect, test } from "vitest";
import { possible } from "../src/core/acts";
import { empty } from "../src/core/room";
import type { Role, RoomState } from "../src/core/types";

const room = (change: object): RoomState => ({ ...empty("r"), seq: 3, ...change }) as RoomState;
const offered = (state: RoomState, role: Role, person = "p-me"): string[] => possible(state, { person, role }).map((act) => act.kind);

test("justification is decided by the one who has the exam, or by a regulator", () => {
  const claimed = room({ stage: "claimed", owner: { person: "p-omar" } });
  expect(offered(claimed, "radiologist")).not.toContain("justification.decide");
  expect(offered(claimed, "radiologist", "p-omar")).toContain("justification.decide");
  expect(offered(claimed, "regulator")).toContain("justification.decide");
});

test("a protocol is not read back while a query on it waits", () => {
  const query = { reason: "20G", answered: null };
  const asked = room({ stage: "protocolled", queries: [query] });
  expect(offered(asked, "technologist")).not.toContain("protocol.acknowledge");
  const answered = room({ stage: "protocolled", queries: [{ ...query, answered: { person: "p-omar" } }] });
  expect(offered(answered, "technologist")).toContain("protocol.acknowledge");
});

test("an exam that is offered to me waits for me, whosever the next move is", () => {
  const state = room({ stage: "claimed", owner: { person: "p-omar" }, offered_to: "p-me", next_move: { act: "justification.decide", roles: ["radiologist"], person: "p-omar", since: "", until: "" } });
  expect(possible(state, { person: "p-me", role: "radiologist" })[0]).toMatchObject({ kind: "case.claim", waited: true });
  expect(possible(state, { person: "p-you", role: "radiologist" }).every((act) => !act.waited)).toBe(true);
});

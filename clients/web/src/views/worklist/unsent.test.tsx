import { render } from "preact";
import { afterEach, expect, test, vi } from "vitest";
import { json, REQUEST, SESSION } from "../../../tests/page";
import { core, type Unsent } from "../../core";
import { UnsentRequests, unsentRequests } from "./UnsentRequests";

afterEach(() => {
  render(null, document.body);
  vi.unstubAllGlobals();
});

const item = (cid: string, urgency: string, some: Partial<Unsent> = {}): Unsent =>
  ({ cid, room: "", kind: "request.submit", body: { ...REQUEST, urgency }, given: 1, state: "queued", tries: 0, kept: true, ...some });

test("the most urgent first; over a good link only what was refused; messages stand in their rooms", () => {
  const unsent = [item("a", "P2"), item("b", "P0", { state: "refused" }), item("c", "P1", { state: "sent" }), item("m", "P0", { kind: "message.post" })];
  expect(unsentRequests({ unsent, state: "not_transmitted" }).map((one) => one.cid)).toEqual(["b", "c", "a"]);
  expect(unsentRequests({ unsent, state: "online" }).map((one) => one.cid)).toEqual(["b"]);
});

test("a vital request that nobody has is a card with its urgency and the number to call", async () => {
  vi.stubGlobal("fetch", async (address: string) => (address.endsWith("/sessions") ? json(SESSION) : json({}, 503)));
  await core.login("me", "secret");
  void core.submitRequest(REQUEST);
  render(<UnsentRequests />, document.body);
  const card = document.querySelector("[data-unsent]")!;
  expect(card.querySelector(".urgency.P0")).not.toBeNull();
  expect(card.textContent).toContain("Non transmis : appelez le 03 85 00 00 00");
  expect(card.textContent).toContain("TEST-MARTIN");
  expect(card.querySelector('a[href="tel:0385000000"]')).not.toBeNull();
  await core.logout("delete");
  render(<UnsentRequests />, document.body);
  expect(document.querySelector("[data-unsent]")).toBeNull();
});

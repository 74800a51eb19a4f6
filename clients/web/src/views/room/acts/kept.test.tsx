import { render } from "preact";
import { afterEach, expect, test, vi } from "vitest";
import { json, SESSION } from "../../../../tests/page";
import { core } from "../../../core";
import { groundOf } from "./ground";
import { keyOf, KeptUnder, useKept } from "./kept";

const KEY = keyOf({ room: "r", kind: "incident.open" });
let held: { text: { value: string }; list: { value: string[] } };

function Form() {
  held = { text: useKept("text", ""), list: useKept<string[]>("list", []) };
  return null;
}

const open = (key = KEY): void => render(<KeptUnder.Provider value={key}><Form /></KeptUnder.Provider>, document.body);
const close = (): void => render(null, document.body);

afterEach(close);

test("what was typed comes back with the act, is somebody's own, and goes at logout", async () => {
  vi.stubGlobal("fetch", async (address: string) => (address.endsWith("/sessions") ? json(SESSION) : json({}, 503)));
  await core.login("me", "secret");
  open();
  held.text.value = "urticaire";
  held.list.value = ["a"];
  close();
  open();
  expect([held.text.value, held.list.value]).toEqual(["urticaire", ["a"]]);
  close();
  open(keyOf({ room: "other", kind: "incident.open" }));
  expect(held.text.value).toBe("");
  close();
  open();
  held.text.value = "";
  held.list.value = [];
  expect(core.draft(KEY)).toBe("");
  held.text.value = "urticaire";
  await core.logout("delete");
  expect(Object.keys(localStorage).filter((key) => key.includes("act:"))).toEqual([]);
});

test("words about one version are not shown under the next", () => {
  const state = (version: number) => ({ request_version: 1, protocol: { protocol: { version } } }) as never;
  const at = (version: number): string => keyOf({ room: "r", kind: "checklist.complete" }, groundOf("checklist.complete", state(version)));
  expect(at(1)).not.toBe(at(2));
  expect(groundOf("incident.open", state(1))).toBe(groundOf("incident.open", state(2)));
});

import { render } from "preact";
import { afterEach, expect, test, vi } from "vitest";
import { json, SESSION, until } from "../../tests/page";
import { core, type Unsent } from "../core";
import { spokenBody, UnsentItem } from "./LinkLine";
import { Toasts, unanswered } from "./toasts";

const item = (some: Partial<Unsent>): Unsent =>
  ({ cid: "c1", room: "r", kind: "message.post", body: { text: "Bonjour" }, given: Date.parse("2026-11-21T22:41:00Z"), state: "queued", tries: 0, kept: true, ...some });
const says = (words: string): boolean => document.body.textContent!.includes(words);

afterEach(() => render(null, document.body));

test("a quick reply that waits is shown in the words it says", () => {
  expect(spokenBody(item({ kind: "quick.reply", body: { code: "understood" } }))).toBe("Bien reçu.");
  expect(spokenBody(item({ kind: "quick.reply", body: { code: "wait", detail: "deux minutes" } }))).toBe("Un instant. deux minutes");
});

test("what waits says when it was written", () => {
  render(<UnsentItem item={item({})} />, document.body);
  expect(document.body.textContent).toContain("écrit à 23:41");
});

test("the answer « not transmitted yet » goes with the last command it speaks of", async () => {
  const give = (): void => void core.submitRequest({ patient: { birth_name: "TEST-MARTIN" }, urgency: "P0", modality_wanted: "CT", region: ["head"], clinical_question: "?" } as never);
  vi.stubGlobal("fetch", async (address: string) => (address.endsWith("/sessions") ? json(SESSION) : json({}, 503)));
  await core.login("me", "secret");
  give();
  const [first] = core.unsent.value;
  render(<Toasts />, document.body);
  unanswered(true);
  give();
  await until(() => says("pas encore transmis"));
  await core.forget(first!.cid);
  await until(() => !says("pas encore transmis"));
  expect(core.unsent.value).toHaveLength(1);
  await core.logout("delete");
});

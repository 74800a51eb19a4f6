/** A report's draft: nothing is overwritten unseen, and "saved" is said only of what the hub has. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DraftKeeper, PAUSE_MS, same, type Saved, type Written } from "../src/core/draftkeeper";
import { Refused, UNREACHABLE } from "../src/core/refusal";

const text = (findings: string): Written => ({ sections: { findings }, no_dose_reason: "" });

/** The hub's half: version checks as in hub/drafts.py. */
class Hub {
  version = 0;
  draft: Written | null = null;
  down = false;
  /** Stores what comes, and loses the answer. */
  mute = false;
  puts = 0;
  readonly ask = async <T>(method: "GET" | "PUT", body?: unknown): Promise<T> => {
    if (this.down) throw new Refused(UNREACHABLE);
    if (method === "GET") return { version: this.version, saved_at: `v${this.version}`, draft: this.draft } as T;
    const sent = body as { version: number; draft: Written };
    this.puts += 1;
    if (sent.version !== this.version) throw new Refused({ ...UNREACHABLE, code: 412, slug: "stale_after" });
    this.version += 1;
    this.draft = sent.draft;
    if (this.mute) throw new Refused(UNREACHABLE);
    return { version: this.version, saved_at: `v${this.version}` } as T;
  };
}

let hub: Hub;
let said: Saved[];
let filled: Written[];
const keeper = (here: Written = text("")): DraftKeeper => new DraftKeeper(hub.ask, here, (one) => said.push(one), (one) => filled.push(one));
const wait = (ms = PAUSE_MS * 4): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  [hub, said, filled] = [new Hub(), [], []];
});
afterEach(() => void vi.useRealTimers());

test("what is typed is saved a moment later, and only then said to be", async () => {
  const one = keeper();
  await one.open();
  one.change(text("a"));
  one.change(text("ab"));
  expect(said.at(-1)).toBe("typing");
  await wait();
  expect([hub.puts, hub.draft, said.at(-1)]).toEqual([1, text("ab"), { at: "v1" }]);
});

test("an empty form takes up what the hub has", async () => {
  [hub.version, hub.draft] = [3, text("earlier")];
  await keeper().open();
  expect([filled, said.at(-1)]).toEqual([[text("earlier")], { at: "v3" }]);
});

test("two texts of mine: neither is overwritten until I say which goes on", async () => {
  [hub.version, hub.draft] = [3, text("on the other screen")];
  const one = keeper(text("here"));
  await one.open();
  one.change(text("here too"));
  await wait();
  expect([said.at(-1), hub.draft, hub.puts]).toEqual(["other", text("on the other screen"), 0]);
  one.choose(true);
  await wait();
  expect([hub.draft, said.at(-1)]).toEqual([text("here too"), { at: "v4" }]);
});

test("the other text is taken where I say so", async () => {
  [hub.version, hub.draft] = [3, text("there")];
  const one = keeper(text("here"));
  await one.open();
  one.choose(false);
  await wait();
  expect(filled).toEqual([text("there")]);
});

test("while nobody answers nothing is called saved; later it goes by itself", async () => {
  hub.down = true;
  const one = keeper();
  await one.open();
  one.change(text("typed in the dark"));
  await wait();
  expect(said.at(-1)).toBe("lost");
  hub.down = false;
  await wait();
  expect([hub.draft, said.at(-1)]).toEqual([text("typed in the dark"), { at: "v1" }]);
});

test("a save whose answer was lost is no other screen's", async () => {
  const one = keeper();
  await one.open();
  hub.mute = true;
  one.change(text("a"));
  await wait(PAUSE_MS + 1);
  hub.mute = false;
  one.change(text("ab"));
  await wait(PAUSE_MS * 8);
  expect(said).not.toContain("other");
  expect([hub.draft, said.at(-1)]).toEqual([text("ab"), { at: "v2" }]);
});

test("another screen that was faster is met, not overwritten", async () => {
  const one = keeper();
  await one.open();
  [hub.version, hub.draft] = [5, text("faster")];
  one.change(text("slower"));
  await wait();
  expect([said.at(-1), hub.draft]).toEqual(["other", text("faster")]);
});

test("closing sends what was not sent", async () => {
  const one = keeper();
  await one.open();
  one.change(text("the last word"));
  one.close();
  await wait();
  expect([hub.draft, hub.puts]).toEqual([text("the last word"), 1]);
});

test("what is empty makes no difference", () => {
  expect(same(text("a"), { sections: { findings: "a", conclusion: "  " }, no_dose_reason: " " })).toBe(true);
  expect(same(text("a"), text("b"))).toBe(false);
});

/** The cases written down by the hub's own tests fold here to the very same states. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EVENT_CLASS } from "../src/generated/wire";
import { empty, evolve } from "../src/core/room";
import type { Evt, RoomState } from "../src/core/types";

type Line = (Evt & { state?: undefined }) | { state: RoomState; state_at?: number; room?: undefined };

const FOLDER = join(import.meta.dirname, "../../../tests/transcripts");
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith(".jsonl"));

function read(name: string): Line[] {
  const lines = readFileSync(join(FOLDER, name), "utf-8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Line);
}

const events = (lines: Line[]): Evt[] => lines.filter((line): line is Evt => line.state === undefined);

test.each(NAMES)("%s folds line by line", (name) => {
  const lines = read(name);
  let room = empty(events(lines)[0]!.room);
  let compared = 0;
  for (const line of lines) {
    if (line.state === undefined) room = evolve(room, line);
    else {
      expect(line.state_at ?? room.seq).toBe(room.seq);
      expect(room, `${name} at ${room.seq}`).toEqual(line.state);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(0);
});

test.each(NAMES)("W-15: %s from any state written down folds to the last one", (name) => {
  const lines = read(name);
  const last = lines.at(-1)!.state;
  for (const line of lines) {
    if (line.state === undefined) continue;
    const { seq } = line.state;
    expect(events(lines).filter((evt) => evt.seq > seq).reduce(evolve, line.state)).toEqual(last);
  }
});

test("together they hold every kind", () => {
  const kinds = new Set(NAMES.flatMap((name) => events(read(name)).map((evt) => evt.kind)));
  expect([...kinds].sort()).toEqual(Object.keys(EVENT_CLASS).sort());
});

test("a kind that is newer than this client only counts", () => {
  const before = evolve(empty("r"), { ...events(read("stroke-night.jsonl"))[0]! });
  const evt = { ...events(read("stroke-night.jsonl"))[1]!, kind: "later.told", body: { any: 1 } };
  expect(evolve(before, evt)).toEqual({ ...before, seq: evt.seq, at: evt.at });
});

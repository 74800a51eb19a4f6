/** What only rooms need stays out of the first load; its size itself fails the build (scripts/size.mjs). */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const SRC = join(process.cwd(), "src");
const AT_ONCE = /^(?:import|export)(?! type)[^;]*?["'](\.[^"']*)["'];/gm;

/** `file` and what it brings along at once. */
function along(file: string, found = new Set<string>()): Set<string> {
  const name = relative(SRC, file);
  if (found.has(name)) return found;
  found.add(name);
  for (const [, path] of readFileSync(file, "utf-8").matchAll(AT_ONCE)) {
    const at = join(dirname(file), path!);
    const known = [`${at}.ts`, `${at}.tsx`, join(at, "index.ts")].find((one) => existsSync(one));
    if (known) along(known, found);
    else found.add(relative(SRC, at));
  }
  return found;
}

const ROOMS_ONLY = ["core/room.ts", "core/roomview.ts", "core/tables.ts", "generated/tables.json", "generated/wire.ts"];

test("the first load brings neither the fold of a room nor the tables, a room brings both", () => {
  const first = along(join(SRC, "main.tsx"));
  expect(first.has("views/worklist/Worklist.tsx")).toBe(true);
  expect(ROOMS_ONLY.filter((one) => first.has(one))).toEqual([]);
  const room = along(join(SRC, "views/room/RoomPage.tsx"));
  expect(ROOMS_ONLY.filter((one) => !room.has(one))).toEqual([]);
});

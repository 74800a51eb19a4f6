/** Both catalogues hold the same keys, every key is used, every used key is there, and places agree. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { en } from "./en";
import { fr } from "./fr";
import { first as atFirst } from "./fr/first";
import { rest } from "./fr/rest";

const SRC = join(import.meta.dirname, "..");
const ROOT = join(SRC, "../../..");

function sources(): string {
  return ["views", "components", "i18n"]
    .flatMap((folder) => readdirSync(join(SRC, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\./.test(entry.name))
    .filter((entry) => !/i18n\/(fr|en)$/.test(entry.parentPath) && !/^(fr|en)\.ts$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf-8"))
    .join("\n");
}

const text = sources();
const literal = new Set([...text.matchAll(/"([a-z_]+\.[\w. -]+)"/g)].map((found) => found[1]!));
/** Keys put together at run time: `stage.${…}`, and stems handed to `options(…, "stem")` or `say(…, "stem")`. */
const stems = new Set([
  ...[...text.matchAll(/`([a-z_]+(?:\.[a-z_]+)*\.)\$\{/g)].map((found) => found[1]!),
  ...[...text.matchAll(/(?:options|say)\([^\n]*?, "([a-z]+)"\)/g)].map((found) => `${found[1]!}.`),
]);
const plurals = new Set([...text.matchAll(/plural\("([\w.]+)"/g)].map((found) => found[1]!));

const isUsed = (key: string): boolean =>
  literal.has(key) || [...stems].some((stem) => key.startsWith(stem)) || plurals.has(key.replace(/_(one|other)$/, ""));

test("the same keys in both languages", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(fr).sort());
});

test("no key without a use", () => {
  expect(Object.keys(fr).filter((key) => !isUsed(key))).toEqual([]);
});

test("no use without a key", () => {
  const called = [...text.matchAll(/\bt\(\s*"([\w. -]+)"/g)].map((found) => found[1]!);
  expect(called.length).toBeGreaterThan(200);
  expect(called.filter((key) => !(key in fr))).toEqual([]);
  for (const stem of plurals) for (const form of ["one", "other"]) expect(fr).toHaveProperty([`${stem}_${form}`]);
});

test("the same places to fill in both languages, and no empty words", () => {
  const places = (words: string): string[] => [...words.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!).sort();
  for (const [key, words] of Object.entries(fr)) {
    expect(words.trim(), key).not.toBe("");
    expect(places(en[key as keyof typeof fr]), key).toEqual(places(words));
  }
});

test("every rule, check, quick reply, role, stage and act that the hub knows has its words", () => {
  const hub = (name: string): string => readFileSync(join(ROOT, "hub/room", name), "utf-8");
  const codes: string[] = [
    ...[...hub("safety.py").matchAll(/\bRule\("(\w+)"/g)].map((found) => `rule.${found[1]}`),
    ...[...hub("safety.py").matchAll(/\bCheck\("(\w+)"/g)].map((found) => `check.${found[1]}`),
    ...[...hub("stages.py").matchAll(/^ {4}[A-Z_]+ = "([a-z_]+)"$/gm)].map((found) => `stage.${found[1]}`),
    ...[...hub("roles.py").matchAll(/^ {4}[A-Z_]+ = "([a-z_]+)"$/gm)].map((found) => `role.${found[1]}`),
    ...[...hub("commands.py").matchAll(/kind: ClassVar\[str\] = "([\w.]+)"/g)].map((found) => `act.${found[1]}`),
  ];
  expect(codes.length).toBeGreaterThan(80);
  expect(codes.filter((code) => !(code in fr))).toEqual([]);
});

test("the service worker has words for every kind of alert, and for no other, in both languages", () => {
  const kinds = [...readFileSync(join(ROOT, "hub/room/alerts.py"), "utf-8").matchAll(/^ {4}[A-Z]+ = "(\w+)"$/gm)].map((found) => found[1]!);
  const worker = readFileSync(join(SRC, "../public/sw.js"), "utf-8");
  expect(kinds).toContain("ring");
  for (const lang of ["fr", "en"]) {
    const words = new RegExp(`^  ${lang}: \\{$([^}]*)`, "m").exec(worker)?.[1] ?? "";
    expect([...words.matchAll(/^ {4}(\w+):/gm)].map((found) => found[1]!).sort()).toEqual([...kinds, "other"].sort());
  }
});

/** `file` and what it brings along at once: not what it imports by type, nor what it fetches later. */
function along(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, , path] of readFileSync(file, "utf-8").matchAll(/^(import|export)(?! type)[^;]*?["'](\.[^"']*)["'];/gm)) {
    const at = join(dirname(file), path!);
    const known = [`${at}.ts`, `${at}.tsx`, join(at, "index.ts")].find((one) => existsSync(one));
    if (known) along(known, found);
  }
  return found;
}

test("words that come later come with every view that says them, and not before", () => {
  const app = readFileSync(join(SRC, "views/App.tsx"), "utf-8");
  const later = [...app.matchAll(/import\("(\.[^"]+)"\)/g)].map((found) => join(SRC, "views", `${found[1]!}.tsx`));
  const inside = join(SRC, "i18n/inside.ts");
  const keys = Object.keys(rest);
  const says = (files: Iterable<string>): string[] =>
    [...files].flatMap((file) => [...readFileSync(file, "utf-8").matchAll(/["`]([a-z_]+\.(?:[\w.-]+"|\$\{))/g)].map((found) => found[1]!))
      .filter((said) => (said.endsWith('"') ? keys.some((key) => [said, `${said.slice(0, -1)}_one"`].includes(`${key}"`)) : keys.some((key) => key.startsWith(said.slice(0, -2)))));
  // words.ts knows how codes are said; who asks it for one that comes later is found by its own keys
  const words = (file: string): string[] => [...along(file)].filter((one) => /(views|components)\//.test(one) && !one.endsWith("views/words.ts"));
  expect(later.length).toBeGreaterThan(4);
  const first = along(join(SRC, "main.tsx"));
  expect(first.has(inside)).toBe(false);
  expect(says(words(join(SRC, "main.tsx")))).toEqual([]);
  const known = new Map([...readFileSync(join(SRC, "views/words.ts"), "utf-8").matchAll(/export const (\w+) = [^\n]*?`(\w+)\.\$\{/g)].map((found) => [found[1]!, found[2]!]));
  const asked = words(join(SRC, "main.tsx")).flatMap((file) => /import \{([^}]*)\} from "\.+\/words"/.exec(readFileSync(file, "utf-8"))?.[1]!.split(",") ?? []);
  const stemsAsked = asked.map((name) => known.get(name.trim())).filter((stem) => stem !== undefined);
  expect(stemsAsked.length).toBeGreaterThan(4);
  expect(stemsAsked.filter((stem) => keys.some((key) => key.startsWith(`${stem}.`)) && !Object.keys(atFirst).some((key) => key.startsWith(`${stem}.`)))).toEqual([]);
  const silent = later.filter((view) => !along(view).has(inside));
  expect(silent.map((view) => [view, says(words(view))])).toEqual(silent.map((view) => [view, []]));
  expect(later.length).toBeGreaterThan(silent.length);
});

/** No file of ours imports itself by way of others: not at run time, not by type, not when it is fetched later. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const SRC = join(process.cwd(), "src");
const IMPORT = /(?:^|[\s;}])(?:import|export)\s[^;"']*?from\s*["'](\.[^"']*)["']|\bimport\s*\(?\s*["'](\.[^"']*)["']/g;
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

const files = readdirSync(SRC, { recursive: true, encoding: "utf-8" })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
  .map((name) => join(SRC, name));

/** The file that `path` of an import stands for; "" for what is no TypeScript (styles, tables). */
function found(path: string): string {
  const tries = [path, `${path}.ts`, `${path}.tsx`, join(path, "index.ts"), join(path, "index.tsx")];
  return tries.find((one) => /\.tsx?$/.test(one) && existsSync(one) && statSync(one).isFile()) ?? "";
}

function imports(text: string, from: string): string[] {
  const named = [...text.replace(COMMENT, "").matchAll(IMPORT)].map((match) => match[1] ?? match[2]!);
  return named.map((path) => found(join(dirname(from), path))).filter(Boolean);
}

/** Circles of a graph, each once, from whichever of its files is met first. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const told: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) told.push([...way.slice(way.indexOf(file)), file].join(" → "));
    else if (!done.has(file)) {
      for (const next of graph.get(file) ?? []) visit(next, [...way, file]);
      done.add(file);
    }
  };
  for (const file of graph.keys()) visit(file, []);
  return told;
}

test("a circle is found, however it is imported", () => {
  const texts: Record<string, string> = {
    a: 'import type { B } from "./b";', b: 'const c = (): Promise<unknown> => import("./c");',
    c: 'export {\n  x,\n} from "./d";', d: '// import "./e"\nimport "./a";', e: 'import { z } from "zod"; import "./a";',
  };
  const read = (text: string): string[] => [...text.replace(COMMENT, "").matchAll(IMPORT)].map((match) => (match[1] ?? match[2]!).slice(2));
  expect(circles(new Map(Object.entries(texts).map(([name, text]) => [name, read(text)])))).toEqual(["a → b → c → d → a"]);
});

test("there is no circle under src", () => {
  const name = (file: string): string => relative(SRC, file);
  const graph = new Map(files.map((file) => [name(file), imports(readFileSync(file, "utf-8"), file).map(name)]));
  expect([...graph.values()].flat().length).toBeGreaterThan(200); // else the pattern reads nothing
  expect(circles(graph)).toEqual([]);
});

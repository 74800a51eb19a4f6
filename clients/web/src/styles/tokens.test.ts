/** Every pair of colours that carries words is 7:1, every edge of a control 3:1, dark and light. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf-8").split("@media")[0]!;

function token(name: string, theme: "light" | "dark"): string {
  const found = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css);
  if (!found) throw new Error(`no token ${name}`);
  return theme === "light" ? found[1]! : found[2]!;
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high! + 0.05) / (low! + 0.05);
}

const SURFACES = ["bg", "surface", "raised"] as const;
const WORDS: [string, readonly string[]][] = [
  ["text", [...SURFACES, "accent-soft", "danger-soft", "clock-soft", "ack-soft"]],
  ["muted", [...SURFACES, "accent-soft"]],
  ["accent", SURFACES],
  ["danger", [...SURFACES, "danger-soft"]],
  ["clock", [...SURFACES, "clock-soft"]],
  ["ack", [...SURFACES, "ack-soft"]],
  ["on-accent", ["accent"]],
];

for (const theme of ["dark", "light"] as const) {
  for (const [words, grounds] of WORDS)
    for (const ground of grounds)
      test(`${theme}: ${words} on ${ground} is 7:1`, () => {
        expect(contrast(token(words, theme), token(ground, theme))).toBeGreaterThanOrEqual(7);
      });
  for (const ground of SURFACES)
    test(`${theme}: the edge of a control on ${ground} is 3:1`, () => {
      expect(contrast(token("edge", theme), token(ground, theme))).toBeGreaterThanOrEqual(3);
    });
}

/** Selector and declarations of every rule outside of the tokens, media queries looked through. */
const RULES = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".css") && name !== "tokens.css")
  .flatMap((name) => [...readFileSync(join(import.meta.dirname, name), "utf-8").replace(/\/\*[^]*?\*\//g, "").matchAll(/([^{}]+)\{([^{}]*)\}/g)])
  .map(([, selector, declared]) => ({ selector: selector!.trim(), declared: declared! }));

test("amber is a clock's: nothing else is drawn in it, and the browser's own controls take the accent", () => {
  expect(RULES.length).toBeGreaterThan(150);
  const amber = RULES.filter(({ declared }) => declared.includes("var(--clock"));
  expect(amber.length).toBeGreaterThan(4);
  expect(amber.map(({ selector }) => selector).filter((selector) => !/clock|late/.test(selector))).toEqual([]);
  expect(RULES.find(({ selector }) => selector === "html")!.declared).toContain("accent-color: var(--accent)");
  expect(RULES.some(({ selector, declared }) => selector.includes(":autofill") && declared.includes("var(--accent-soft)"))).toBe(true);
});

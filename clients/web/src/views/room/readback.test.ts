import { expect, test } from "vitest";
import type { Protocol } from "./diff";
import { checked, fieldsOf, NOTHING_READ, readBackOf } from "./readback";

const series = (n: number, phase: string) => ({ n, name: `s${n}`, phase }) as Protocol["series"][number];
const CTA = {
  version: 2, modality: "CT", regions: ["head", "neck"], series: [series(1, "non-contrast"), series(2, "arterial"), series(3, "arterial")],
  contrast: { agent: "iode", volume_ml: 60, rate_ml_s: 4.5 },
} as unknown as Protocol;
const PLAIN = { ...CTA, contrast: null } as unknown as Protocol;

test("nothing is filled in beforehand", () => {
  expect(checked(CTA, NOTHING_READ)).toEqual({ unread: ["regions", "phases", "volume", "rate"], different: [] });
  expect(fieldsOf(PLAIN)).toEqual(["regions", "phases"]);
});

test("the field that was read wrong is named", () => {
  const read = { regions: ["neck", "head"], phases: ["arterial", "non-contrast"], volume: "100", rate: "4,5" };
  expect(checked(CTA, read)).toEqual({ unread: [], different: ["volume"] });
  expect(checked(CTA, { ...read, volume: "60", regions: ["head"] }).different).toEqual(["regions"]);
  expect(checked(CTA, { ...read, volume: "60", phases: ["arterial"] }).different).toEqual(["phases"]);
  expect(checked(CTA, { ...read, volume: "6o" }).different).toEqual(["volume"]);
});

test("what was read is what is sent, not what the protocol says", () => {
  const read = { regions: ["neck", "head"], phases: ["arterial", "non-contrast"], volume: "60", rate: "4,5" };
  expect(checked(CTA, read)).toEqual({ unread: [], different: [] });
  expect(readBackOf(CTA, read)).toEqual({ regions: ["neck", "head"], phases: ["arterial", "non-contrast"], contrast: { volume_ml: 60, rate_ml_s: 4.5 } });
  expect(readBackOf(PLAIN, { ...read, volume: "", rate: "" })).toEqual({ regions: ["neck", "head"], phases: ["arterial", "non-contrast"] });
});

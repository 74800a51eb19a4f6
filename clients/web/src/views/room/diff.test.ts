import { expect, test } from "vitest";
import { differences, type Protocol } from "./diff";

const before = {
  version: 1, modality: "CT", regions: ["head"], template: "ct-head", overrides: [], contrast: null, position: "",
  series: [{ n: 1, name: "Crâne", phase: "non-contrast", kv: 120, kernel: ["brain"] }],
} as unknown as Protocol;

test("the version and the template are no difference", () => {
  expect(differences(before, { ...before, version: 2, template: "" })).toEqual([]);
});

test("both values of every field that changed, series counted from 1", () => {
  const after = {
    ...before, regions: ["head", "neck"], contrast: { agent: "iode", volume_ml: 60 },
    series: [{ ...before.series[0]!, kv: 100 }, { n: 2, name: "TSA", phase: "arterial" }],
  } as unknown as Protocol;
  expect(differences(before, after)).toEqual([
    { path: "regions", before: "head", after: "head, neck" },
    { path: "contrast", before: "", after: "iode · 60" },
    { path: "series[1].kv", before: "120", after: "100" },
    { path: "series[2]", before: "", after: "2 · TSA · arterial" },
  ]);
});

test("what was taken away is told", () => {
  expect(differences({ ...before, position: "supine" }, before)).toEqual([{ path: "position", before: "supine", after: "" }]);
});

import { expect, test } from "vitest";
import { vocabulary } from "../../core/tables";
import { checksFor } from "./checks";

const asked = (sex: string, protocol: object): string[] => checksFor({ request: { patient: { sex } }, protocol: { protocol: { checks_required: [], ...protocol } } } as never);
const CONTRAST = { agent: "x" };

test("the checklist has every item that the hub would ask for", () => {
  expect(asked("M", { modality: "CT" })).toEqual(["identity", "region"]);
  expect(asked("U", { modality: "CT" })).toEqual(["identity", "region", "pregnancy"]);
  expect(asked("M", { modality: "CT", contrast: CONTRAST })).toEqual(["identity", "region", "allergy", "renal", "metformin", "iv_access"]);
  expect(asked("M", { modality: "MR", contrast: CONTRAST })).toEqual(["identity", "region", "allergy", "renal", "iv_access", "implants"]);
});

test("every item of the hub's table is asked somewhere, and each of the protocol once", () => {
  const all = new Set([...asked("F", { modality: "CT", contrast: CONTRAST }), ...asked("F", { modality: "MR" })]);
  expect([...all].sort()).toEqual(vocabulary.checklist.map((check) => check.code).sort());
  expect(asked("M", { modality: "CT", checks_required: ["house", "identity", ""] })).toEqual(["identity", "region", "house"]);
});

import { expect, test } from "vitest";
import { bodyOf, draftOf, EMPTY, formOf, problems, type Form } from "./body";

const MINIMAL: Form = { ...EMPTY, urgency: "P0", modality: "CT", region: ["head"], question: " Hémorragie ? ", birth_name: "TEST-MARTIN" };

/** 21 November 2026, 23:55 UTC: the 22nd already at the site. */
const NOW = Date.parse("2026-11-21T23:55:00Z");

test("an empty form says what stops it", () => {
  expect(problems(EMPTY, NOW).needed).toEqual(["urgency", "modality", "region", "question", "birth_name"]);
});

test("five answers are enough to send; the rest is named as not said", () => {
  const found = problems(MINIMAL, NOW);
  expect(found.needed).toEqual([]);
  expect(found.wrong).toEqual([]);
  expect(found.unsaid).toContain("allergy");
  expect(found.unsaid).toContain("callback");
});

test("unknown is an answer, kept as one", () => {
  const form: Form = { ...MINIMAL, allergy: "unknown", metformin: "unknown" };
  expect(problems(form, NOW).unknown).toEqual(["allergy", "metformin"]);
  expect(problems(form, NOW).unsaid).not.toContain("allergy");
  expect(bodyOf(form).contraindications).toMatchObject({ allergy_contrast: "unknown", metformin: "unknown", implants: null });
});

test("numbers are read with comma or point, and refused where they cannot be", () => {
  expect(bodyOf({ ...MINIMAL, weight_kg: "72,5" }).patient.weight_kg).toBe(72.5);
  expect(problems({ ...MINIMAL, weight_kg: "seventy" }, NOW).wrong).toEqual(["weight_kg"]);
  expect(problems({ ...MINIMAL, egfr: "900" }, NOW).wrong).toEqual(["egfr"]);
});

test("a man is not asked about pregnancy, and it goes as not applicable", () => {
  const form: Form = { ...MINIMAL, sex: "M" };
  expect(problems(form, NOW).unsaid).not.toContain("pregnancy");
  expect(bodyOf(form).contraindications?.pregnancy).toBe("na");
});

test("the INS leaves only with a qualified identity", () => {
  expect(bodyOf({ ...MINIMAL, ins: "123" }).patient.ins).toBe("");
  expect(bodyOf({ ...MINIMAL, ins: "123", identity: "qualified" }).patient.ins).toBe("123");
});

test("a draft survives, foreign fields and broken text do not", () => {
  expect(draftOf(JSON.stringify(MINIMAL))).toEqual(MINIMAL);
  expect(draftOf('{"birth_name": 3, "other": "x", "region": ["neck"]}')).toEqual({ ...EMPTY, region: ["neck"] });
  expect(draftOf("{broken")).toEqual(EMPTY);
});

test("a request turned into a form and back says the same", () => {
  const body = bodyOf({ ...MINIMAL, weight_kg: "70", egfr: "28", gauge: "18G", iv_place: "pli droit", allergy: "mild", callback: "0385" });
  const request = { ...body, encounter: "", indication: "", indication_code: "", symptom_onset: "", ventilation: "", isolation: "", site: "s" };
  expect(bodyOf(formOf(request as never))).toEqual(body);
});

test("what lies in the future at the site is said, with ten minutes for a clock that is ahead", () => {
  const late = (some: Partial<Form>) => problems({ ...MINIMAL, ...some }, NOW).future;
  expect(late({ dob: "2026-11-22", lab_date: "2026-11-22", last_known_well: "2026-11-22T01:05" })).toEqual([]);
  expect(late({ dob: "2026-11-23", lab_date: "2027-01-01", last_known_well: "2026-11-22T01:06" })).toEqual(["dob", "lab_date", "last_known_well"]);
  expect(late({})).toEqual([]);
});

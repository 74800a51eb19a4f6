/** Ids, addresses, refusals. */
import { expect, test } from "vitest";
import { imageUrl } from "../src/core/api";
import { seriesOf } from "../src/core/dicom";
import { ofErr, ofProblem } from "../src/core/refusal";
import { href, parse } from "../src/core/router";
import { uuidv7 } from "../src/core/uuidv7";

test("UUIDv7: the form of W-5, in order of making", () => {
  const made = Array.from({ length: 5000 }, () => uuidv7());
  expect(new Set(made).size).toBe(5000);
  expect([...made].sort()).toEqual(made);
  expect(made[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Math.abs(Number.parseInt(made[0]!.replace("-", "").slice(0, 12), 16) - Date.now())).toBeLessThan(1000);
});

test("UUIDv7 goes on in order where the clock goes back", () => {
  const first = uuidv7(Date.now() + 60_000);
  expect(uuidv7() > first).toBe(true);
});

test("addresses there and back", () => {
  for (const path of ["/", "/login", "/new", "/board", "/account", "/room/0192"]) expect(href(parse(path))).toBe(path);
  expect(parse("/nowhere")).toEqual({ page: "unknown", path: "/nowhere" });
});

test("a refusal has a sentence in each language, whoever wrote it", () => {
  const err = { t: "err" as const, code: 409, slug: "wrong_stage", detail: "Non. / No.", retry: false };
  expect(ofErr(err)).toMatchObject({ fr: "Non.", en: "No." });
  expect(ofProblem(502, null)).toMatchObject({ code: 502, retry: true });
  expect(ofProblem(422, { code: "unsafe", fr: "a", en: "b" })).toMatchObject({ slug: "unsafe", fr: "a", en: "b", retry: false });
});

test("the address of a picture holds UIDs and a window, with raw commas", () => {
  const ref = { study_uid: "1.2", series_uid: "1.3", sop_uid: "1.4", frame: 2, viewport: { voi: { center: 40, width: 80 } } };
  expect(imageUrl("r", ref, { width: 512, height: 512 })).toBe(
    "/api/v1/rooms/r/dicomweb/studies/1.2/series/1.3/instances/1.4/frames/2/rendered?window=40,80,linear&viewport=512,512",
  );
});

test("series and instances of a study, in the order of their numbers", () => {
  const series = [{ "0020000E": { vr: "UI", Value: ["1.3"] }, "00080060": { vr: "CS", Value: ["CT"] }, "00200011": { vr: "IS", Value: [2] } }];
  const instance = (sop: string, n: number, frames?: number) => ({
    "0020000E": { vr: "UI", Value: ["1.3"] },
    "00080018": { vr: "UI", Value: [sop] },
    "00200013": { vr: "IS", Value: [n] },
    ...(frames ? { "00280008": { vr: "IS", Value: [frames] } } : {}),
  });
  expect(seriesOf(series, [instance("b", 2, 30), instance("a", 1)])).toEqual([
    { uid: "1.3", modality: "CT", description: "", number: 2, instances: [{ sop: "a", n: 1, frames: 1 }, { sop: "b", n: 2, frames: 30 }] },
  ]);
});

import { signal } from "@preact/signals";
import { render } from "preact";
import { afterEach, expect, test } from "vitest";
import { until } from "../../../tests/page";
import "../../i18n/inside";
import type { RoomState, RoomView } from "../../core";
import { Picture } from "./Picture";
import { dateWords, isPrior, studyOf, studyWords } from "./study";

afterEach(() => render(null, document.body));

/** Asked for on 21 November at 23:40 at the site. */
const requested = { at: "2026-11-21T22:40:00.000Z" } as RoomState["requested"];
const listed = (uid: string, date = "", time = "") => ({
  "0020000D": { vr: "UI", Value: [uid] }, "00080061": { vr: "CS", Value: ["CT"] }, "00081030": { vr: "LO", Value: ["TEST CRANE"] },
  ...(date ? { "00080020": { vr: "DA", Value: [date] } } : {}), ...(time ? { "00080030": { vr: "TM", Value: [time] } } : {}),
});
const study = (date: string, time = "") => studyOf(listed("1.2", date, time))!;

test("a study reads its date and time, and says who it is in one line", () => {
  expect(study("20261121", "234512.5")).toMatchObject({ uid: "1.2", date: "2026-11-21", time: "23:45", modality: "CT" });
  expect(studyWords(study("20261121"))).toBe("TEST CRANE · CT · 21/11/2026");
  expect(studyOf({})).toBeNull();
});

test("what was taken before the exam was asked for is a prior, with an hour for clocks that differ", () => {
  expect(isPrior(study("20240312", "0915"), requested)).toBe(true);
  expect(isPrior(study("20261121", "2100"), requested)).toBe(true);
  expect(isPrior(study("20261121", "2245"), requested)).toBe(false);
  expect(isPrior(study("20261122", "0010"), requested)).toBe(false);
  expect(isPrior(study("20261121"), requested)).toBe(false); // that day, at a time that nobody knows
  expect(isPrior(study("20261120"), requested)).toBe(true);
});

test("no date is said, not left out", () => {
  expect(dateWords(study(""), requested).words).toBe("Date de l'examen inconnue");
  expect(dateWords(null, requested).words).toBe("Date de l'examen inconnue");
  expect(dateWords(undefined, requested).words).toBe("");
});

test("the date stands on the picture, and a prior says so; the list is read once for all pictures", async () => {
  let asked = 0;
  const list = [listed("1.1", "20240312", "0915"), listed("1.2", "20261121", "234512")];
  const room = { state: signal({ requested }), imageUrl: () => "data:,", studies: async () => (asked++, list) } as unknown as RoomView;
  render(<>{["1.1", "1.2", "1.2"].map((uid, i) => <Picture key={i} room={room} image={{ study_uid: uid }} />)}</>, document.body);
  await until(() => document.querySelectorAll(".taken").length === 3);
  expect([...document.querySelectorAll(".taken")].map((one) => one.textContent)).toEqual(["Antérieur · Scanner 12/03/2024 09:15", "Scanner 21/11/2026 23:45", "Scanner 21/11/2026 23:45"]);
  expect(document.querySelectorAll(".prior")).toHaveLength(1);
  expect(asked).toBe(1);
});

import { expect, test } from "vitest";
import { setLang } from "./index";
import { abroad, asTyped, day, fromSite, fullTime, hour, lasting, relative, stopwatch } from "./time";

const NOW = Date.parse("2026-11-21T22:40:00.000Z");

test("clock times stand in the zone of the site", () => {
  expect(hour("2026-11-21T22:40:00.000Z", "Europe/Paris")).toBe("23:40");
  expect(hour("2026-11-21T22:40:00.000Z", "Indian/Reunion")).toBe("02:40");
  expect(fullTime("2026-11-21T22:40:07.000Z", "Indian/Reunion")).toContain("02:40:07 (Indian/Reunion)");
});

test("what is no time is a dash, never an exception", () => {
  expect([hour(""), relative("x", NOW), lasting("", NOW), fullTime("")]).toEqual(["–", "–", "–", "–"]);
  expect(day("unknown")).toBe("unknown");
});

test("a date of birth does not move with the zone", () => {
  expect(day("1972-09-23")).toBe("23/09/1972");
});

test("near times in words, in both languages", async () => {
  const plain = (words: string): string => words.replace(/\p{Zs}/gu, " ");
  expect(plain(relative("2026-11-21T22:52:30.000Z", NOW))).toBe("dans 12 min");
  expect(relative("2026-11-21T22:39:40.000Z", NOW)).toBe("à l'instant");
  expect(plain(lasting("2026-11-21T22:38:00.000Z", NOW))).toBe("2 min");
  await setLang("en");
  expect(plain(relative("2026-11-21T22:52:30.000Z", NOW))).toMatch(/^in 12 min\.?$/);
  await setLang("fr");
});

test("a stopwatch of a promise, which never runs below zero", () => {
  expect([stopwatch(760_000), stopwatch(-5), stopwatch(3_600_000), stopwatch(7_260_000)]).toEqual(["12:40", "00:00", "60:00", "2:01:00"]);
});

test("what is typed at a site is a moment there, also across a change of clocks", () => {
  expect(fromSite("2026-11-21T23:40", "Europe/Paris")).toBe("2026-11-21T22:40:00.000Z");
  expect(fromSite("2026-11-21T23:40", "Indian/Reunion")).toBe("2026-11-21T19:40:00.000Z");
  expect(fromSite("2026-10-25T01:59", "Europe/Paris")).toBe("2026-10-24T23:59:00.000Z");
  expect(fromSite("2026-10-25T03:01", "Europe/Paris")).toBe("2026-10-25T02:01:00.000Z");
  expect([fromSite(""), fromSite("x")]).toEqual(["", ""]);
  for (const zone of ["Europe/Paris", "Indian/Reunion", "America/Cayenne", "Pacific/Noumea"])
    expect(fromSite(asTyped("2026-03-29T00:30:00.000Z", zone), zone)).toBe("2026-03-29T00:30:00.000Z");
});

test("a site whose clocks say the same is not abroad", () => {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect(abroad("2026-11-21T22:40:00.000Z", here)).toBe(false);
  expect(abroad("2026-11-21T22:40:00.000Z", "Pacific/Kiritimati")).toBe(true);
});

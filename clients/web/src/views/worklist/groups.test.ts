import { expect, test } from "vitest";
import type { Row } from "../../core";
import { grouped, NO_FILTERS, values } from "./groups";

const row = (room: string, some: Partial<Row> = {}): Row => ({
  room, seq: 1, site: "macon", stage: "requested", stage_since: "2026-11-21T23:00:00.000Z", urgency: "P2", modality: "CT", region: ["head"],
  question: "Hémorragie ?", patient_label: "TEST-MARTIN Zoé", identity: "qualified", requested_at: "2026-11-21T22:50:00.000Z",
  limit_at: "2026-11-21T23:50:00.000Z", owner: null, requester: { person: "lea", name: "Dr Léa" }, next_move: null, alerts: 0, incidents: 0, is_open: true, ...some,
});

const NAMED = (id: string): string => (id === "creusot" ? "CH du Creusot" : "CH de Mâcon");
const ROWS = [
  row("late", { limit_at: "2026-11-21T23:10:00.000Z" }), row("vital", { urgency: "P0" }), row("done", { is_open: false, stage: "closed" }),
  row("other", { site: "creusot", owner: { person: "omar", name: "Dr Omar" } }),
];

test("three groups, by urgency and then by what is left of the time", () => {
  const groups = grouped(ROWS, new Set(["late", "vital"]), NO_FILTERS, "omar", NAMED);
  expect(groups.me.map((one) => one.room)).toEqual(["vital", "late"]);
  expect(groups.others.map((one) => one.room)).toEqual(["other"]);
  expect(groups.done.map((one) => one.room)).toEqual(["done"]);
});

test("within an urgency the next move that is due first comes first, whatever the whole exam has left", () => {
  const move = (until: string): Row["next_move"] => ({ act: "protocol.acknowledge", roles: ["technologist"], person: "", since: "2026-11-21T23:00:00.000Z", until });
  const rows = [
    row("no clock", { limit_at: "2026-11-21T23:01:00.000Z" }), row("later", { next_move: move("2026-11-21T23:30:00.000Z"), limit_at: "2026-11-21T23:31:00.000Z" }),
    row("soon", { next_move: move("2026-11-21T23:03:00.000Z") }), row("vital", { urgency: "P0", next_move: move("2026-11-21T23:40:00.000Z") }),
  ];
  expect(grouped(rows, new Set(), NO_FILTERS, "x", NAMED).others.map((one) => one.room)).toEqual(["vital", "soon", "later", "no clock"]);
});

test("mine are those that I own or asked for", () => {
  const found = grouped(ROWS, new Set(), { ...NO_FILTERS, mine: true }, "omar", NAMED);
  expect(found.others.map((one) => one.room)).toEqual(["other"]);
});

test("search finds without accents or case, in every word", () => {
  const of = (text: string): number => grouped(ROWS, new Set(), { ...NO_FILTERS, text }, "x", NAMED).others.length;
  expect([of("HEMORRAGIE zoe"), of("martin creusot"), of("ch macon"), of("thorax")]).toEqual([3, 1, 2, 0]);
});

test("filters choose, and offer what there is", () => {
  expect(grouped(ROWS, new Set(), { ...NO_FILTERS, site: "creusot" }, "x", NAMED).others).toHaveLength(1);
  expect(grouped(ROWS, new Set(), { ...NO_FILTERS, urgency: "P0" }, "x", NAMED).others).toHaveLength(1);
  expect(values(ROWS, "site")).toEqual(["creusot", "macon"]);
});

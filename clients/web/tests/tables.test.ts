/** The generated files say what the core counts on. */
import { expect, test } from "vitest";
import { EVENT_CLASS, SHAPES } from "../src/generated/wire";
import { tables, vocabulary } from "../src/core/tables";

test("every command of the table leads to an event that can be folded", () => {
  for (const [kind, row] of Object.entries(tables.commands)) {
    expect(EVENT_CLASS[row.event], kind).toBeDefined();
    for (const stage of Object.keys(row.moves)) expect(tables.stages).toHaveProperty([stage]);
  }
});

test("every class that a shape holds has a shape", () => {
  for (const shape of Object.values(SHAPES)) {
    for (const { of } of Object.values(shape)) if (of !== undefined) expect(SHAPES).toHaveProperty([of]);
  }
});

test("every clock that a stage waits on exists", () => {
  for (const { wait } of Object.values(tables.stages)) {
    if (wait !== null && wait.clock !== "") expect(tables.clocks).toHaveProperty([wait.clock]);
  }
  expect(vocabulary.rules.length).toBeGreaterThan(0);
});

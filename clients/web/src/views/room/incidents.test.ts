import { expect, test } from "vitest";
import { ordered } from "./IncidentLine";

test("a reaction of the patient stands first, then a doubt about who it is, then the newest", () => {
  const incident = (seq: number, category: string) => ({ category, text: "", since: "", opened: { seq } }) as never;
  const found = ordered([incident(1, "network"), incident(2, "identity"), incident(3, "scanner"), incident(4, "contrast_reaction")]);
  expect(found.map((one) => one.category)).toEqual(["contrast_reaction", "identity", "scanner", "network"]);
});

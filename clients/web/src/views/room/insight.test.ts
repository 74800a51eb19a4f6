import { afterEach, expect, test, vi } from "vitest";
import { inSight } from "./insight";

const list = (top: number, bottom: number): Element => {
  const element = document.createElement("div");
  element.getBoundingClientRect = () => ({ top, bottom, height: bottom - top, width: bottom - top }) as DOMRect;
  return element;
};

afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

test("a list on the screen is in sight; one below its edge, or in the tab that is not shown, is not", () => {
  vi.stubGlobal("innerHeight", 800);
  expect(inSight(list(200, 700))).toBe(true);
  expect(inSight(list(700, 1100))).toBe(false);
  expect(inSight(list(-600, -10))).toBe(false);
  expect(inSight(list(0, 0))).toBe(false);
  expect(inSight(null)).toBe(false);
});

test("nothing is seen under a dialog", () => {
  vi.stubGlobal("innerHeight", 800);
  document.body.innerHTML = "<dialog open></dialog>";
  expect(inSight(list(200, 700))).toBe(false);
});

test("nothing is seen in a hidden window", () => {
  vi.stubGlobal("innerHeight", 800);
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  expect(inSight(list(200, 700))).toBe(false);
});

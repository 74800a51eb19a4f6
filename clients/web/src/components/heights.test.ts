import { expect, test } from "vitest";
import { Heights } from "./heights";

/** A small generator of numbers that is the same every time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}

test("tops, total and the item at a height agree with plain sums, while growing and changing", () => {
  const next = numbers(7);
  const plain: number[] = [];
  const heights = new Heights();
  for (let step = 0; step < 3000; step++) {
    const height = Math.ceil(next() * 300);
    if (step % 3 === 2) {
      const at = Math.floor(next() * plain.length);
      heights.set(at, height);
      plain[at] = height;
    } else {
      heights.push(height);
      plain.push(height);
    }
  }
  let top = 0;
  plain.forEach((height, at) => {
    expect(heights.top(at)).toBe(top);
    expect(heights.at(top)).toBe(at);
    expect(heights.at(top + height - 1)).toBe(at);
    top += height;
  });
  expect(heights.total).toBe(top);
  expect(heights.at(top + 5000)).toBe(plain.length - 1);
  expect(heights.at(-10)).toBe(0);
});

test("starting again with other heights forgets the old ones", () => {
  const heights = new Heights();
  for (let i = 0; i < 100; i++) heights.push(10);
  heights.reset([5, 6, 7]);
  expect([heights.length, heights.total, heights.at(5), heights.at(11)]).toEqual([3, 18, 1, 2]);
  heights.push(8);
  expect([heights.total, heights.top(3)]).toEqual([26, 18]);
});

test("20,000 items are set and asked in little time", () => {
  const heights = new Heights();
  heights.reset(Array.from({ length: 20_000 }, () => 72));
  const begin = performance.now();
  for (let i = 0; i < 20_000; i++) {
    heights.set(i, 60 + (i % 40));
    heights.at(i * 70);
  }
  expect(performance.now() - begin).toBeLessThan(500);
});

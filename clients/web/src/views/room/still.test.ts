import { effect, signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { RoomState } from "../../core";
import { empty } from "../../core/room";
import { still } from "./still";

test("a message draws nothing again beside the talk; anything else does", () => {
  const state = signal<RoomState | null>(null);
  let drawn = 0;
  const held = still(state);
  const stop = effect(() => void (held.value, drawn++));
  state.value = { ...empty("r"), seq: 1 };
  expect(drawn).toBe(2);
  state.value = { ...state.value, seq: 2, at: "2026-11-21T23:40:00.000Z", messages: 1 };
  expect(drawn).toBe(2);
  state.value = { ...state.value, seq: 3, retracted: [2] };
  expect([drawn, held.value?.seq]).toEqual([3, 3]);
  state.value = null;
  expect(held.value).toBeNull();
  stop();
});

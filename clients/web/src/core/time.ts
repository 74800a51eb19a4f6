/** The server's clock on this machine: every deadline is counted on it, never on the local one. */
import { signal } from "@preact/signals";

/** ms to add to this device's clock; null until the server has told its time. */
let offset: number | null = null;

/** Server time in ms, moved on once a second while somebody looks. */
export const now = signal(Date.now());

export function serverNow(): number {
  return Date.now() + (offset ?? 0);
}

/** `server_time` of a welcome or a heartbeat. Jumps under a quarter of a second are the network. */
export function heardServerTime(text: string): void {
  const told = Date.parse(text) - Date.now();
  if (Number.isFinite(told) && (offset === null || Math.abs(told - offset) > 250)) offset = told;
}

let ticking: ReturnType<typeof setInterval> | undefined;

export function startClock(): void {
  ticking ??= setInterval(() => {
    if (document.visibilityState !== "hidden") now.value = serverNow();
  }, 1000);
  now.value = serverNow();
}

export function stopClock(): void {
  clearInterval(ticking);
  ticking = undefined;
}

/** When to try again: full jitter from 250 ms to 10 s; what a close code asks for. */

export const FIRST_MS = 250;
export const MOST_MS = 10_000;

/** Anywhere between nothing and the ceiling of this try, so that a thousand clients spread out. */
export function delay(tries: number, random: () => number): number {
  return Math.floor(random() * Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(tries, 16)));
}

export type Reconnect = "now" | "backoff" | "reauth" | "never";

/** wire.md section 5. Codes that are not ours (1006 of a proxy) mean: try again, politely. */
export function byCode(code: number): Reconnect {
  if (code >= 4000 && code < 4100) return "never";
  if (code >= 4200 && code < 4300) return "now";
  if (code >= 4300 && code < 4400) return "reauth";
  return "backoff";
}

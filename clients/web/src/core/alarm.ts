/** The alarm: browsers keep silent until a gesture, so a shift begins with arming and a test tone. */
import { signal } from "@preact/signals";
import type { Urgency } from "./types";

export const armed = signal(false);
/** The room it rings for, "" for none. */
export const ringing = signal("");

/** Rings until silenced at P0; three times at P1; once below. */
const ROUNDS: Record<Urgency, number> = { P0: Infinity, P1: 3, P2: 1, P3: 1 };
const ROUND_MS = 2_500;

let audio: AudioContext | null = null;
let round: ReturnType<typeof setTimeout> | undefined;

function tone(at: number, hertz: number, seconds: number, loud: number): void {
  if (audio === null) return;
  const source = audio.createOscillator();
  const gain = audio.createGain();
  source.type = "triangle";
  source.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(loud, at + 0.02);
  gain.gain.setValueAtTime(loud, at + seconds - 0.04);
  gain.gain.linearRampToValueAtTime(0, at + seconds);
  source.connect(gain).connect(audio.destination);
  source.start(at);
  source.stop(at + seconds);
}

/** Pulses after IEC 60601-1-8: five for danger, three for soon, two for notice. */
function pulses(urgency: Urgency): void {
  if (audio === null) return;
  const count = urgency === "P0" ? 5 : urgency === "P1" ? 3 : 2;
  const pitch = urgency === "P0" ? 880 : urgency === "P1" ? 660 : 523;
  for (let n = 0; n < count; n++) tone(audio.currentTime + 0.05 + n * 0.22, pitch * (n % 2 === 0 ? 1 : 1.25), 0.16, 0.35);
}

/** From a click. False where the browser refuses sound all the same. */
export async function arm(): Promise<boolean> {
  try {
    audio ??= new AudioContext();
    await audio.resume();
    armed.value = audio.state === "running";
    if (armed.value) tone(audio.currentTime + 0.05, 660, 0.3, 0.25);
  } catch {
    armed.value = false;
  }
  return armed.value;
}

export function disarm(): void {
  silence();
  armed.value = false;
  void audio?.suspend();
}

export function silence(): void {
  clearTimeout(round);
  ringing.value = "";
}

export function ring(room: string, urgency: Urgency): void {
  clearTimeout(round);
  let left = ROUNDS[urgency];
  const again = (): void => {
    if (armed.value) pulses(urgency);
    left -= 1;
    round = setTimeout(left > 0 ? again : silence, ROUND_MS);
  };
  again();
  ringing.value = room; // seen on the screen even where nothing can be heard; who looks at it hears one round
}

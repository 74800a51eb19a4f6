/** Urgency as a word, a shape and a colour: triangle, diamond, disc, ring. */
import { t } from "../i18n";
import type { Urgency as Level } from "../core";

const SHAPES: Record<Level, string> = {
  P0: "M12 2 1 22h22z",
  P1: "M12 1 23 12 12 23 1 12z",
  P2: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z",
  P3: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM12 6a6 6 0 1 1 0 12 6 6 0 0 1 0-12z",
};

export function Urgency({ level, word = true }: { level: Level; word?: boolean }) {
  return (
    <span class={`urgency ${level}`} title={t(`urgency.${level}`)}>
      <svg class="icon" viewBox="0 0 24 24" fill="currentColor" fill-rule="evenodd" aria-hidden="true">
        <path d={SHAPES[level]} />
      </svg>
      {level}
      {word ? <span class="word">{t(`urgency.${level}`)}</span> : <span class="vh">{t(`urgency.${level}`)}</span>}
    </span>
  );
}

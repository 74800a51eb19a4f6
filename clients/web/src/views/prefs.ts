/** What this browser keeps of the reader's taste: theme, and whether single keys act. */
import { effect, signal } from "@preact/signals";

export type Theme = "dark" | "light" | "system";
const THEMES: readonly Theme[] = ["dark", "light", "system"];

function kept(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    /* Private mode: the choice lasts for this page. */
  }
}

const before = kept("examroom.theme") as Theme;
export const theme = signal<Theme>(THEMES.includes(before) ? before : "dark");
export const singleKeys = signal(kept("examroom.keys") !== "off");

effect(() => {
  document.documentElement.dataset.theme = theme.value;
  keep("examroom.theme", theme.value);
});
effect(() => keep("examroom.keys", singleKeys.value ? "on" : "off"));

/** The keyboard: single keys act only outside of text boxes, and can be switched off. */
import { core } from "../core";
import { doing, overlay } from "./overlay";
import { singleKeys } from "./prefs";

/** What the screen that is shown does with a key; the screen sets and clears it. */
export interface ScreenKeys {
  next?: (by: 1 | -1) => void;
  write?: () => void;
  primary?: () => void;
}

let screen: ScreenKeys = {};

/** Give the keys to a screen; the answer takes them back. */
export function takeKeys(keys: ScreenKeys): () => void {
  screen = keys;
  return () => {
    if (screen === keys) screen = {};
  };
}

/** Go to the message box of the screen, where it has one. */
export function goWrite(): void {
  screen.write?.();
}

/** Whether the reader is typing: then a single key is a letter. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
    && !/^(checkbox|radio|range|button)$/.test((target as HTMLInputElement).type));
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || core.session.value == null) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    overlay.value = overlay.value === "palette" ? "" : "palette";
    return;
  }
  if (overlay.value || doing.value) return;
  if (event.altKey && !event.ctrlKey && event.code === "KeyA") {
    event.preventDefault();
    screen.primary?.();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const act = single(event);
  if (!act || !singleKeys.value) return;
  event.preventDefault();
  act();
}

function single(event: KeyboardEvent): (() => void) | undefined {
  switch (event.key) {
    case "?": return () => (overlay.value = "keys");
    case "/": return screen.write;
    case "j": return screen.next && (() => screen.next?.(1));
    case "k": return screen.next && (() => screen.next?.(-1));
  }
  const room = /^[1-9]$/.test(event.key) ? core.open.value[Number(event.key) - 1] : undefined;
  return room && (() => core.go({ page: "room", room: room.id }));
}

/** Listen on the page; the answer stops it. */
export function listenToKeys(): () => void {
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}

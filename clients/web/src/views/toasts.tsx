/** Short answers to what was just done; they stay until read when they say no. */
import { signal } from "@preact/signals";
import { Notice } from "../components/Notice";
import { Icon } from "../components/Icon";
import { core, type Outcome } from "../core";
import { said, t } from "../i18n";

interface Toast {
  n: number;
  text: string;
  bad: boolean;
  /** Commands it speaks of: it goes when none of them waits any more. */
  about?: readonly string[];
}

const toasts = signal<readonly Toast[]>([]);
let count = 0;

export function dismiss(n: number): void {
  toasts.value = toasts.value.filter((one) => one.n !== n);
}

export function toast(text: string, bad = false, about?: readonly string[]): void {
  const n = ++count;
  toasts.value = [...toasts.value.slice(-2), { n, text, bad, about }];
  if (!bad) setTimeout(() => dismiss(n), 6000);
}

/** Say what became of a command: nothing where it was stored, the reason where it was not. */
export function tell(outcome: Outcome): boolean {
  if (outcome.ok) return true;
  if (outcome.refusal) toast(said(outcome.refusal), true);
  else unanswered(outcome.kept);
  return false;
}

/** What was given and is neither stored nor refused. */
const waiting = (): string[] => core.unsent.value.filter((one) => one.state !== "refused").map((one) => one.cid);

/** No answer yet: is it at least safe on this device? */
export function unanswered(kept: boolean): void {
  toast(t(kept ? "link.kept" : "link.volatile"), true, waiting());
}

export function Toasts() {
  return (
    <div class="toasts" role="region" aria-label={t("common.answers")} aria-live="polite">
      {toasts.value.filter((one) => !one.about || one.about.some((cid) => waiting().includes(cid))).map((one) => (
        <Notice key={one.n} icon={one.bad ? "lock" : "check"} tone="plain">
          <div class="row apart">
            <span class="grow">{one.text}</span>
            <button type="button" class="quiet bare" onClick={() => dismiss(one.n)} aria-label={t("common.close")}>
              <Icon name="cross" />
            </button>
          </div>
        </Notice>
      ))}
    </div>
  );
}

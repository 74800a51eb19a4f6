/** Clocks on the screen: they all read the server's time once a second. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { core } from "../core";
import { lang, t } from "../i18n";
import { fullTime, hour, lasting, relative, siteZone, stopwatch } from "../i18n/time";
import { Icon } from "./Icon";

/** The same clock in steps of five seconds: for words that count in minutes. */
export const slowNow = computed(() => Math.floor(core.now.value / 5000) * 5000);

/** "23:42", with date, zone and the reader's own time on hover. */
export function At({ at }: { at: string }) {
  return <time class="tabular nowrap" dateTime={at} title={fullTime(at)}>{hour(at)}</time>;
}

/** "dans 12 min (23:42)" */
export function When({ at }: { at: string }) {
  return <span class="nowrap">{relative(at, slowNow.value)} (<At at={at} />)</span>;
}

/** The whole time for hovering over, written again only when it says something else. */
function useFullTime(at: string, zone?: string): string {
  return useMemo(() => fullTime(at, zone), [at, zone, lang.value, siteZone.value]);
}

/** Words that follow a clock: only their text is written again, nothing around it is drawn. */
function useTicking(words: () => string, about: readonly unknown[]): ReadonlySignal<string> {
  return useMemo(() => computed(words), about);
}

/** "depuis 2 min"; `zone`: of the site it is about, where that is not the one on the screen. */
export function Since({ at, zone }: { at: string; zone?: string }) {
  const words = useTicking(() => t("time.since", { time: lasting(at, slowNow.value) }), [at]);
  return <span class="nowrap" title={useFullTime(at, zone)}>{words}</span>;
}

/** Running clock of a promise: "Geste 12:40 de 60:00 · avant 23:42". Amber and a word when it runs out. */
export function Promised({ from, until, big, zone, label, by }: {
  from: string; until: string; big?: boolean; zone?: string;
  /** What it is the clock of, where two stand side by side. */
  label?: string;
  /** With the clock time of its end. */
  by?: boolean;
}) {
  const [start, end] = [Date.parse(from), Date.parse(until)];
  const endless = Number.isNaN(end);
  const words = useTicking(() => {
    const spent = stopwatch(core.now.value - start);
    return endless ? spent : t("time.of", { spent, whole: stopwatch(end - start) });
  }, [from, until]);
  const how = useTicking(() => {
    const left = end - core.now.value;
    return left < 0 ? "late" : left < (end - start) / 4 ? "soon" : "";
  }, [from, until]).value;
  const whole = useFullTime(until, zone);
  return (
    <span class={`clock ${how} ${big ? "big" : ""}`} title={endless ? undefined : whole}>
      <Icon name="clock" />
      {label ? <span class="of">{label}</span> : null}
      <span>{words}</span>
      {by && !endless ? <span class="of">{t("time.before", { at: hour(until, zone || siteZone.value) })}</span> : null}
      {how === "late" ? <span class="chip clock">{t("time.late")}</span> : how === "soon" ? <span class="chip clock">{t("time.soon")}</span> : null}
    </span>
  );
}

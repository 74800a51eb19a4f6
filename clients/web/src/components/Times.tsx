/** Clocks on the screen: they all read the server's time once a second. */
import { computed } from "@preact/signals";
import { core } from "../core";
import { t } from "../i18n";
import { fullTime, hour, lasting, relative, stopwatch } from "../i18n/time";
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

/** "depuis 2 min"; `zone`: of the site it is about, where that is not the one on the screen. */
export function Since({ at, zone }: { at: string; zone?: string }) {
  return <span class="nowrap" title={fullTime(at, zone)}>{t("time.since", { time: lasting(at, slowNow.value) })}</span>;
}

/** Running clock of a promise: "12:40 de 60:00". Amber and a word when it runs out. */
export function Promised({ from, until, big, zone }: { from: string; until: string; big?: boolean; zone?: string }) {
  const now = core.now.value;
  const [start, end] = [Date.parse(from), Date.parse(until)];
  const spent = now - start;
  if (Number.isNaN(end))
    return <span class={`clock ${big ? "big" : ""}`}><Icon name="clock" />{stopwatch(spent)}</span>;
  const late = now > end;
  const soon = !late && end - now < (end - start) / 4;
  return (
    <span class={`clock ${late ? "late" : soon ? "soon" : ""} ${big ? "big" : ""}`} title={fullTime(until, zone)}>
      <Icon name="clock" />
      <span>{t("time.of", { spent: stopwatch(spent), whole: stopwatch(end - start) })}</span>
      {late ? <span class="chip clock">{t("time.late")}</span> : soon ? <span class="chip clock">{t("time.soon")}</span> : null}
    </span>
  );
}

/** Times as people say them: "in 12 min" with the clock time beside it, in the site's own zone. */
import { signal } from "@preact/signals";
import { format as once } from "./formats";
import { lang, t } from "./index";

/** The zone of the site that the screen is about. */
export const siteZone = signal("Europe/Paris");

/** The reader's own zone; asked once, because asking is slow. */
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return once(Intl.DateTimeFormat, lang.value === "fr" ? "fr-FR" : "en-GB", options);
}

function readable(at: string): Date | null {
  const when = new Date(at);
  return at && !Number.isNaN(when.getTime()) ? when : null;
}

/** "23:42" in the zone of the site. */
export function hour(at: string, zone: string = siteZone.value): string {
  const when = readable(at);
  return when ? format({ hour: "2-digit", minute: "2-digit", timeZone: zone }).format(when) : "–";
}

/** "23:42:07" in the zone of the site. */
export function clock(at: string, zone: string = siteZone.value): string {
  const when = readable(at);
  return when ? format({ hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: zone }).format(when) : "–";
}

/** "23/09/1972": a date without a time has no zone. */
export function day(date: string): string {
  const when = /^\d{4}-\d{2}-\d{2}$/.test(date) ? readable(`${date}T12:00:00Z`) : null;
  return when ? format({ day: "2-digit", month: "2-digit", year: "numeric", timeZone: "UTC" }).format(when) : date;
}

/** "sam. 21 nov., 23:42:07" in the zone of the site, and in the reader's own where that differs. */
export function fullTime(at: string, given?: string): string {
  const zone = given || siteZone.value;
  const when = readable(at);
  if (!when) return "–";
  const options: Intl.DateTimeFormatOptions = {
    weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit",
  };
  const there = format({ ...options, timeZone: zone }).format(when) + ` (${zone})`;
  return HERE === zone ? there : `${there} · ${format(options).format(when)} (${HERE})`;
}

/** Does the reader's own clock say another time than that of the site? */
export function abroad(at: string, zone: string = siteZone.value): boolean {
  const when = readable(at);
  return when !== null && ahead(when.getTime(), zone) !== ahead(when.getTime(), HERE);
}

/** ms by which the clocks of `zone` are ahead of UTC at the moment `at`; seconds are left out. */
function ahead(at: number, zone: string): number {
  const part: Record<string, string> = {};
  const written = format({
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone,
  });
  for (const { type, value } of written.formatToParts(at)) part[type] = value;
  return Date.parse(`${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:00Z`) - Math.floor(at / 60_000) * 60_000;
}

/** "2026-11-21T23:40" as typed at the site (`datetime-local`), as a moment. */
export function fromSite(typed: string, zone: string = siteZone.value): string {
  const there = Date.parse(`${typed}Z`);
  if (!typed || Number.isNaN(there)) return "";
  const guess = there - ahead(there, zone);
  return new Date(there - ahead(guess, zone)).toISOString();
}

/** A moment as it is typed at the site. */
export function asTyped(at: string, zone: string = siteZone.value): string {
  const when = readable(at);
  return when ? new Date(when.getTime() + ahead(when.getTime(), zone)).toISOString().slice(0, 16) : "";
}

/** "dans 12 min", "il y a 2 h": whole minutes, hours from 90 minutes on. */
export function relative(at: string, now: number): string {
  const when = readable(at);
  if (!when) return "–";
  const minutes = (when.getTime() - now) / 60_000;
  if (Math.abs(minutes) < 1) return minutes < 0 ? t("time.just_now") : t("time.at_once");
  const rule = once(Intl.RelativeTimeFormat, lang.value, { numeric: "always", style: "short" });
  if (Math.abs(minutes) >= 90) return rule.format(Math.round(minutes / 60), "hour");
  return rule.format(Math.trunc(minutes), "minute");
}

/** How long since `at`: "2 min", "3 h". */
export function lasting(at: string, now: number): string {
  const when = readable(at);
  if (!when) return "–";
  const minutes = Math.max(0, Math.floor((now - when.getTime()) / 60_000));
  if (minutes < 1) return t("time.under_a_minute");
  const [value, unit] = minutes >= 90 ? [Math.round(minutes / 60), "hour"] : [minutes, "minute"];
  return once(Intl.NumberFormat, lang.value, { style: "unit", unit: unit as string, unitDisplay: "short" }).format(value as number);
}

/** "12:40", "1:02:40" from milliseconds; never negative. */
export function stopwatch(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, "0");
  return h && h >= 2 ? `${h}:${two(m)}:${two(s)}` : `${two(h * 60 + m)}:${two(s)}`;
}

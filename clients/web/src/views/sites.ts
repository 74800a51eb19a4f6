/** Sites by their names, and the zone whose clocks the screen shows: that of the site it is about. */
import { computed, effect } from "@preact/signals";
import { core, type Site } from "../core";
import { siteZone } from "../i18n/time";

/** What is known of a site; the session's own one also where an older hub names no others. */
export function site(id: string): Site {
  const session = core.session.value;
  const found = session?.sites?.[id];
  if (found) return found;
  const me = session?.person;
  if (me?.site === id) return { name: me.site_name, timezone: me.timezone ?? "", phone: session?.phone ?? "" };
  return { name: id, timezone: "", phone: "" };
}

export const siteName = (id: string): string => site(id).name;

/** The site of the room on the screen, else the one that this session acts for. */
const shown = computed(() => {
  const route = core.route.value;
  const room = route.page === "room" ? core.open.value.find((one) => one.id === route.room) : undefined;
  return room?.state.value?.site || core.session.value?.person.site || "";
});

/** Keep every clock of the screen in the zone of the site that it is about. Returns how to stop. */
export function keepZone(): () => void {
  return effect(() => {
    const zone = site(shown.value).timezone || site(core.session.value?.person.site ?? "").timezone;
    if (zone) siteZone.value = zone;
  });
}

import type { Signal } from "@preact/signals";
import { expect, test } from "vitest";
import { core, type Session } from "../core";
import { siteZone } from "../i18n/time";
import { keepZone, site, siteName } from "./sites";

const SESSION: Session = {
  person: { id: "p", name: "TEST p", role: "radiologist", site: "tele", site_name: "Télé Test", timezone: "Europe/Paris" },
  roles: [], expires_at: null, phone: "01", demo: false,
  sites: { ile: { name: "CH Test, outre-mer", timezone: "Indian/Reunion", phone: "02" } },
};

const session = core.session as Signal<Session | null>;

test("a site goes by its name; one that nobody knows by its id", () => {
  session.value = SESSION;
  expect([siteName("ile"), siteName("tele"), siteName("x")]).toEqual(["CH Test, outre-mer", "Télé Test", "x"]);
  expect(site("ile").phone).toBe("02");
});

test("the clocks of the screen are those of the site that it is about", () => {
  session.value = SESSION;
  const stop = keepZone();
  expect(siteZone.value).toBe("Europe/Paris");
  session.value = { ...SESSION, person: { ...SESSION.person, site: "ile" } };
  expect(siteZone.value).toBe("Indian/Reunion");
  stop();
});

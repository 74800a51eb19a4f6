/**
 * Keeps the page itself (never what the hub says) for a moment without a link, and alerts (Web Push).
 * The build writes the version and the list of files; /api, /ws and everything else go straight out.
 */
const VERSION = "__VERSION__";
const PRECACHE = ["__PRECACHE__"];
const CACHE = `examroom-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(PRECACHE.map((path) => new Request(path, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith("examroom-") && name !== CACHE)
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

/** The page of an address of the client: the same for all of them. */
const OURS = /^\/(?:$|room\/|login$|new$|board$|account$)/;

/** The network first, for a new version is there at once; the kept page where there is none. */
async function page(request) {
  try {
    return await fetch(request);
  } catch (problem) {
    const kept = await caches.match("/");
    if (kept) return kept;
    throw problem;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (OURS.test(url.pathname)) event.respondWith(page(request));
    return;
  }
  if (!PRECACHE.includes(url.pathname)) return;
  event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});

/** Why somebody is called, by the kinds of the hub (hub/room/alerts.py). All that is ever shown. */
const WORDS = {
  fr: {
    request: "Demande d'examen à prendre en charge",
    protocol: "Protocole à relire et confirmer",
    offer: "Examen proposé : à reprendre",
    invitation: "Votre avis est demandé",
    incident: "Incident signalé",
    ring: "On vous appelle",
    critical: "Résultat critique à confirmer",
    opinion: "Deuxième avis demandé",
    handover: "Relève proposée",
    test: "Essai des alertes",
    other: "On vous attend",
  },
  en: {
    request: "Imaging request to take",
    protocol: "Protocol to read back",
    offer: "Exam offered to you",
    invitation: "Your opinion is asked for",
    incident: "Incident reported",
    ring: "You are being called",
    critical: "Critical result to acknowledge",
    opinion: "Second opinion asked for",
    handover: "Handover offered",
    test: "Test of the alerts",
    other: "You are waited for",
  },
};
const ROOM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a push says, taken member by member: whatever is not of the list is not shown. */
function read(data) {
  let told = {};
  try {
    told = data?.json() ?? {};
  } catch {
    // not ours, or cut short: an alert all the same
  }
  const lang = told.lang === "en" ? "en" : "fr";
  const kind = Object.hasOwn(WORDS[lang], told.kind) ? told.kind : "other";
  return {
    id: String(told.id ?? ""),
    kind,
    lang,
    urgency: /^P[0-3]$/.test(told.urgency) ? told.urgency : "",
    site: typeof told.site === "string" ? told.site.slice(0, 60) : "",
    room: ROOM.test(told.room) ? told.room : "",
  };
}

const windows = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

/** Longest wait for a page to say what it shows; one that hangs does not keep an alert. */
const ANSWER_MS = 400;

/** Whether a page has this room before somebody's eyes. Asked of it: `url` is where it was opened. */
function shows(page, room) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    setTimeout(resolve, ANSWER_MS, false);
    port1.onmessage = ({ data }) => resolve(data === true);
    page.postMessage({ looking: room }, [port2]);
  });
}

/** Whether this very room is before somebody's eyes on this device: then the page itself tells. */
async function looking(room) {
  const visible = room ? (await windows()).filter((one) => one.visibilityState === "visible") : [];
  return (await Promise.all(visible.map((one) => shows(one, room)))).includes(true);
}

async function alertOf(data) {
  const { id, kind, lang, urgency, site, room } = read(data);
  if (await looking(room)) return;
  // one notification a room and kind; the same message again makes no second sound
  const tag = `${kind}-${room}`;
  const shown = await self.registration.getNotifications({ tag });
  const urgent = urgency === "P0" || urgency === "P1";
  await self.registration.showNotification([urgency, WORDS[lang][kind]].filter(Boolean).join(" · "), {
    body: [site, lang === "en" ? "Open examroom" : "Ouvrir examroom"].filter(Boolean).join(" · "),
    lang,
    tag,
    renotify: !shown.some((one) => one.data?.id === id),
    requireInteraction: urgent && kind !== "test",
    vibrate: urgent ? [300, 150, 300, 150, 300] : [200],
    icon: "/icon.svg",
    data: { id, room },
  });
}

self.addEventListener("push", (event) => event.waitUntil(alertOf(event.data)));

/** Into the window that is there, without loading it anew: what is being written stays. */
async function open(room) {
  const found = await windows();
  const path = room ? `/room/${room}` : "/";
  const best = found.find((one) => one.focused) ?? found.find((one) => one.visibilityState === "visible") ?? found[0];
  if (!best) return self.clients.openWindow(path);
  best.postMessage({ open: room });
  return best.focus().catch(() => undefined); // the browser may not want to: the page is there all the same
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.room ?? ""));
});

/** The push service changed the address of this device: tell the hub, as whoever is logged in. */
async function moved(event) {
  const options = event.oldSubscription?.options ?? event.newSubscription?.options;
  const fresh = event.newSubscription ?? (options && (await self.registration.pushManager.subscribe(options)));
  if (!fresh) return;
  const { endpoint, keys } = fresh.toJSON();
  await fetch("/api/v1/push/subscriptions", {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json", "x-examroom": "1" },
    body: JSON.stringify({ endpoint, keys }),
  });
}

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(moved(event)));

/**
 * Keeps the page itself (never what the hub says) for a moment without a link.
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

// The service worker of /acopio/: starts the app without a network. `VERSION` and `ASSETS` are put
// before this text by harvests/views/acopio.py; another asset is another version.
/* global VERSION, ASSETS, SCOPE */
const PREFIX = "kallari-acopio-";
const CACHE = PREFIX + VERSION;

self.addEventListener("install", (event) => {
  // Without cookies: the shell is nobody's page.
  const asked = ASSETS.map((path) => new Request(path, { cache: "no-cache", credentials: "omit" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(asked)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
  if (event.data === "take over if alone") {
    event.waitUntil(self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((pages) => {
      const ours = pages.filter((page) => new URL(page.url).pathname === SCOPE);
      if (ours.length < 2) self.skipWaiting();
    }));
  }
});

async function kept(path, request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(path);
  if (found) return found;
  const answered = await fetch(request);
  if (answered.ok && path.startsWith(`${SCOPE}textos/`)) await cache.put(path, answered.clone());
  return answered;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (ASSETS.includes(pathname) || pathname.startsWith(`${SCOPE}textos/`)) event.respondWith(kept(pathname, request));
});

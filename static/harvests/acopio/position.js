// Where the telephone is, if it may know: asked once while a form is open, never waited for.
let last = null;

export function watch() {
  if (!("geolocation" in navigator)) return;
  navigator.geolocation.getCurrentPosition(
    ({ coords, timestamp }) => { last = { coords, timestamp }; },
    () => { last = null; },
    { enableHighAccuracy: true, maximumAge: 60_000, timeout: 30_000 },
  );
}

/** The position as GeoJSON with its accuracy, not older than five minutes; null if unknown. */
export function place() {
  if (!last || Date.now() - last.timestamp > 300_000) return null;
  const { longitude, latitude, accuracy } = last.coords;
  return { type: "Point", coordinates: [Number(longitude.toFixed(6)), Number(latitude.toFixed(6))], accuracy_m: accuracy.toFixed(1) };
}

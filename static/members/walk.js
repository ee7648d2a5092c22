// Walks a chakra's boundary with the telephone's own positions (templates/members/chakra_geometry.html).
// The walk is kept in the browser until it is sent, so that a call or an empty battery loses nothing.
const POOR = 30; // metres: what the server refuses (members/geometry/reading.py)
const EVERY = 2; // metres between two positions that are kept

const tool = document.querySelector("[data-walk-tool]");
const box = document.querySelector("[data-walk]");
const place = `kallari-walk:${location.pathname}`;

function metres(one, other) {
  const radians = Math.PI / 180;
  const x = (other.longitude - one.longitude) * radians * Math.cos(one.latitude * radians);
  const y = (other.latitude - one.latitude) * radians;
  return Math.hypot(x, y) * 6371000;
}

function start() {
  const state = tool.querySelector("[data-walk-state]");
  const buttons = Object.fromEntries(["start", "stop", "clear"].map((name) => [name, tool.querySelector(`[data-walk-${name}]`)]));
  let walked = JSON.parse(localStorage.getItem(place) ?? "[]");
  let watch = null;
  let awake = null;

  function keep() {
    box.value = walked.length ? JSON.stringify(walked) : "";
    if (walked.length) localStorage.setItem(place, box.value);
    else localStorage.removeItem(place);
    buttons.clear.hidden = !walked.length;
  }

  function tell(accuracy) {
    const poor = accuracy > POOR ? ` (${state.dataset.poor})` : "";
    state.textContent = `${state.dataset.accuracy}: ${Math.round(accuracy)} m${poor} · ${walked.length} ${state.dataset.positions}`;
  }

  function seen({ coords: { latitude, longitude, accuracy } }) {
    const last = walked.at(-1);
    if (accuracy <= POOR && (!last || metres(last, { latitude, longitude }) >= EVERY)) {
      walked.push({ latitude, longitude, accuracy });
      keep();
    }
    tell(accuracy);
  }

  function stop() {
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    watch = null;
    awake?.release();
    awake = null;
    buttons.start.hidden = false;
    buttons.stop.hidden = true;
  }

  buttons.start.addEventListener("click", async () => {
    state.textContent = state.dataset.waiting;
    buttons.start.hidden = true;
    buttons.stop.hidden = false;
    watch = navigator.geolocation.watchPosition(
      seen,
      (problem) => {
        if (problem.code !== problem.PERMISSION_DENIED) return;
        stop();
        state.textContent = state.dataset.refused;
      },
      { enableHighAccuracy: true, maximumAge: 0 },
    );
    awake = await navigator.wakeLock?.request("screen").catch(() => null);
  });
  buttons.stop.addEventListener("click", stop);
  buttons.clear.addEventListener("click", () => {
    stop();
    walked = [];
    keep();
    state.textContent = "";
  });
  if (walked.length) state.textContent = `${state.dataset.kept} (${walked.length} ${state.dataset.positions})`;
  keep();
  tool.hidden = false;
}

if (tool && box && "geolocation" in navigator) start();

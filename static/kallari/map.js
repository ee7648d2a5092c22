// Moves and zooms the ground of a drawn map (members/geometry/drawing.py). Nothing is loaded.
// One finger scrolls the page until the map is zoomed; the wheel zooms with Ctrl only.
const MOST = 64;
const STEP = 1.5;

function start(frame) {
  const svg = frame.querySelector("svg.map");
  const ground = svg.querySelector(".map-ground");
  const scale = svg.querySelector(".map-scale");
  const { width, height } = svg.viewBox.baseVal;
  const metresPerUnit = Number(svg.dataset.metresPerUnit);
  const fingers = new Map();
  let view = { zoom: 1, x: 0, y: 0 };
  let moved = false;

  function show(next) {
    const zoom = Math.min(Math.max(next.zoom, 1), MOST);
    view = {
      zoom,
      x: Math.min(Math.max(next.x, width * (0.5 - zoom)), width / 2),
      y: Math.min(Math.max(next.y, height * (0.5 - zoom)), height / 2),
    };
    if (zoom === 1) view = { zoom, x: 0, y: 0 };
    ground.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${zoom})`);
    ground.style.setProperty("--zoom", zoom);
    for (const fill of svg.querySelectorAll("pattern")) fill.setAttribute("patternTransform", `scale(${1 / zoom})`);
    svg.classList.toggle("is-zoomed", zoom > 1);
    frame.querySelector("[data-map-out]").disabled = zoom === 1;
    frame.querySelector("[data-map-in]").disabled = zoom === MOST;
    measure();
  }

  function measure() {
    if (!scale) return;
    const metres = metresPerUnit / view.zoom;
    const most = (metres * width) / 4;
    const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
    const round = [5, 2, 1].map((step) => step * power).find((step) => step <= most) ?? power;
    scale.setAttribute("d", `M12 ${height - 18}v6H${12 + round / metres}v-6`);
    svg.querySelector(".map-scale-text").textContent = round >= 1000 ? `${round / 1000} km` : `${round} m`;
    svg.querySelector(".map-place").toggleAttribute("hidden", view.zoom > 1);
  }

  function zoomAt(factor, x = width / 2, y = height / 2) {
    const zoom = Math.min(Math.max(view.zoom * factor, 1), MOST);
    const ratio = zoom / view.zoom;
    show({ zoom, x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio });
  }

  function place(event) {
    const point = new DOMPoint(event.clientX, event.clientY);
    return point.matrixTransform(svg.getScreenCTM().inverse());
  }

  function middle() {
    const all = [...fingers.values()];
    const [one, two = one] = all;
    return { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2, apart: Math.hypot(one.x - two.x, one.y - two.y) };
  }

  svg.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    fingers.set(event.pointerId, place(event));
    if (fingers.size === 1) moved = false;
  });
  svg.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    if (fingers.size === 1 && view.zoom === 1) return;
    const before = middle();
    const was = fingers.get(event.pointerId);
    const now = place(event);
    if (!moved && fingers.size === 1 && Math.hypot(now.x - was.x, now.y - was.y) < 4) return;
    if (!moved) svg.setPointerCapture(event.pointerId);
    moved = true;
    fingers.set(event.pointerId, now);
    const after = middle();
    if (fingers.size === 2 && before.apart > 0) zoomAt(after.apart / before.apart, before.x, before.y);
    show({ zoom: view.zoom, x: view.x + after.x - before.x, y: view.y + after.y - before.y });
  });
  for (const name of ["pointerup", "pointercancel"]) {
    window.addEventListener(name, (event) => fingers.delete(event.pointerId));
  }
  svg.addEventListener("touchmove", (event) => event.touches.length > 1 && event.preventDefault(), { passive: false });
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("click", (event) => moved && event.detail > 0 && event.preventDefault(), true);
  svg.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const at = place(event);
      zoomAt(event.deltaY < 0 ? STEP : 1 / STEP, at.x, at.y);
    },
    { passive: false },
  );

  const keys = {
    "+": () => zoomAt(STEP),
    "=": () => zoomAt(STEP),
    "-": () => zoomAt(1 / STEP),
    0: () => show({ zoom: 1, x: 0, y: 0 }),
  };
  const ways = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  svg.setAttribute("tabindex", "0");
  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = view.zoom > 1 && ways[event.key];
    if (way) show({ zoom: view.zoom, x: view.x + way[0] * 60, y: view.y + way[1] * 60 });
    else if (keys[event.key]) keys[event.key]();
    else return;
    event.preventDefault();
  });

  const tools = frame.querySelector(".map-tools");
  tools.querySelector("[data-map-in]").addEventListener("click", () => zoomAt(STEP));
  tools.querySelector("[data-map-out]").addEventListener("click", () => zoomAt(1 / STEP));
  tools.querySelector("[data-map-all]").addEventListener("click", keys[0]);
  tools.hidden = false;
  show(view);
}

for (const frame of document.querySelectorAll("[data-map]")) start(frame);

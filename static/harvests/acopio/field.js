// What else is taken down in the village: a chakra's boundary, its photographs, a new person.
import { button, field, h, icon, isoDay, message, picks, t } from "./dom.js";
import { decimalSign, read, scaled, shown } from "./decimals.js";
import { cedulaIsRight, chakraCode } from "./codes.js";
import { finder, whoLine } from "./finder.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";

const POOR = 30; // metres: what the server refuses (members/geometry/reading.py)
const EVERY = 2; // metres between two positions that are kept
const OPEN = 20; // metres between start and end that are joined only when asked for
const MOST_HA = "4"; // of a chakra that is a point (deforestation regulation, article 2)
const LONGEST = 1280; // pixels of a photograph's longest side
const MOST_BYTES = 600 * 1024;

export function metres(one, other) {
  const radians = Math.PI / 180;
  const x = (other.longitude - one.longitude) * radians * Math.cos(one.latitude * radians);
  const y = (other.latitude - one.latitude) * radians;
  return Math.hypot(x, y) * 6371000;
}

const position = ({ longitude, latitude }) => [Number(longitude.toFixed(6)), Number(latitude.toFixed(6))];
const measure = (number) => shown(BigInt(Math.round(number)), 0);

let walk = null; // the walk that is open: {who, chakra, name, area, points, watch, awake, accuracy}

/** Where a family's chakra lies: choose it, then walk around it. */
export function boundary(app, root) {
  if (!walk?.who) {
    const { panel } = finder(app.register, (who) => { walk = { who }; app.render(); }, { label: t("walk_whose") });
    root.replaceChildren(h("h1", {}, t("walk_title")), h("div", { class: "kept-walks" }), panel);
    keptWalks(app, root.querySelector(".kept-walks"));
    return;
  }
  if (walk.chakra === undefined) return void chooseChakra(app, root);
  walking(app, root);
}

async function keptWalks(app, place) {
  const walks = await store.all("walks");
  if (!walks.length) return;
  place.replaceChildren(message("info", t("walk_kept"), ...walks.map((kept) => {
    const who = app.register.ofFamily(kept.family);
    return button(`${who?.name ?? ""} · ${kept.points.length} ${t("positions")}`, () => { walk = { ...kept, who }; app.render(); });
  })));
}

function chooseChakra(app, root) {
  const all = app.register.chakrasOf.get(walk.who.family) ?? [];
  const pick = (chakra) => { Object.assign(walk, { chakra, points: walk.points ?? [], family: walk.who.family }); app.render(); };
  root.replaceChildren(
    h("h1", {}, t("walk_which")), h("p", { class: "muted" }, `${walk.who.name} · ${whoLine(walk.who)}`),
    h("div", { class: "found" },
      all.map((one) => h("button", { type: "button", class: "found-one", onclick: () => pick(one.id) }, icon("leaf"),
        h("span", {}, h("strong", {}, one.name || chakraCode(one)), h("span", { class: "muted" }, [one.name && chakraCode(one), one.area_ha && `${String(one.area_ha).replace(".", decimalSign())} ha`].filter(Boolean).join(" · "))))),
      h("button", { type: "button", class: "found-one", onclick: () => pick(null) }, icon("add"), h("span", {}, h("strong", {}, t("walk_new"))))),
    button(t("leave"), () => { walk = null; app.go("mas"); }, { mark: "back", kind: "button-link" }));
}

const walkKey = () => `${walk.family}:${walk.chakra ?? "new"}`;
const keepWalk = () => store.put("walks", { family: walk.family, chakra: walk.chakra, name: walk.name ?? "", area: walk.area ?? "", points: walk.points }, walkKey());

function stop() {
  if (walk.watch !== undefined) navigator.geolocation.clearWatch(walk.watch);
  walk.watch = undefined;
  walk.awake?.release();
  walk.awake = null;
}

function walking(app, root) {
  const chakra = app.register.chakras.find((one) => one.id === walk.chakra);
  const figure = h("p", { class: "walk-figure", role: "status" });
  const says = h("div", {});
  const sketch = h("div", { class: "walk-sketch" });
  const started = walk.watch !== undefined;

  function tell() {
    const { accuracy, points } = walk;
    const poor = accuracy > POOR;
    figure.className = `walk-figure ${accuracy === undefined ? "" : poor ? "walk-poor" : "walk-good"}`;
    figure.replaceChildren(
      h("span", {}, h("strong", {}, accuracy === undefined ? "—" : `${measure(accuracy)} m`), t("accuracy")),
      h("span", {}, h("strong", {}, String(points.length)), t("positions")),
      h("span", {}, h("strong", {}, points.length > 1 ? `${measure(metres(points[0], points.at(-1)))} m` : "—"), t("to_start")));
    if (poor) says.replaceChildren(message("warning", t("walk_poor")));
    else if (accuracy !== undefined) says.replaceChildren();
    draw();
  }

  function draw() {
    if (walk.points.length < 2) return sketch.replaceChildren();
    const [origin] = walk.points;
    const flat = walk.points.map((one) => [
      Math.sign(one.longitude - origin.longitude) * metres(origin, { ...origin, longitude: one.longitude }),
      Math.sign(origin.latitude - one.latitude) * metres(origin, { ...origin, latitude: one.latitude })]);
    const least = [0, 1].map((axis) => Math.min(...flat.map((one) => one[axis])));
    const most = [0, 1].map((axis) => Math.max(...flat.map((one) => one[axis])));
    const size = Math.max(most[0] - least[0], most[1] - least[1], 1);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "-5 -5 110 110");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", t("walk_sketch"));
    const points = flat.map(([x, y]) => [((x - least[0]) / size) * 100, ((y - least[1]) / size) * 100]);
    const line = svg.appendChild(document.createElementNS(svg.namespaceURI, "polyline"));
    line.setAttribute("points", points.map((one) => one.map((each) => each.toFixed(1)).join(",")).join(" "));
    for (const [place, radius] of [[points[0], 3], [points.at(-1), 4]]) {
      const dot = svg.appendChild(document.createElementNS(svg.namespaceURI, "circle"));
      dot.setAttribute("cx", place[0]);
      dot.setAttribute("cy", place[1]);
      dot.setAttribute("r", radius);
    }
    return sketch.replaceChildren(svg);
  }

  function seen({ coords: { latitude, longitude, accuracy } }) {
    if (!walk?.points) return;
    walk.accuracy = accuracy;
    const last = walk.points.at(-1);
    if (accuracy <= POOR && (!last || metres(last, { latitude, longitude }) >= EVERY)) {
      walk.points.push({ latitude, longitude, accuracy });
      keepWalk();
    }
    if (accuracy <= POOR && accuracy <= (walk.best?.accuracy ?? POOR)) walk.best = { latitude, longitude, accuracy };
    walk.tell();
  }

  async function begin() {
    if (!("geolocation" in navigator)) return says.replaceChildren(message("warning", t("walk_refused")));
    walk.watch = navigator.geolocation.watchPosition(seen, (problem) => {
      if (problem.code !== problem.PERMISSION_DENIED) return;
      stop();
      app.say(t("walk_refused"));
    }, { enableHighAccuracy: true, maximumAge: 0 });
    walk.awake = await navigator.wakeLock?.request("screen").catch(() => null);
    return app.render();
  }

  const name = h("input", { type: "text", value: walk.name ?? "", autocomplete: "off", oninput: () => { walk.name = name.value; } });
  const area = h("input", { type: "text", inputmode: "decimal", class: "number", value: walk.area ?? "", autocomplete: "off", oninput: () => { walk.area = area.value; } });

  async function save(asPoint) {
    const { points, best } = walk;
    const typed = read(area.value);
    if (typed.wrong || typed.choices) return says.replaceChildren(message("error", t("wrong_number", { sign: decimalSign() })));
    const measured = { captured_on: outbox.today(), method: asPoint ? "gps" : "walk" };
    if (asPoint) {
      if (!best) return says.replaceChildren(message("error", t("walk_no_position")));
      if (!typed.value || scaled(typed.value, 4) > scaled(MOST_HA, 4)) return says.replaceChildren(message("error", t("walk_area")));
      Object.assign(measured, { geometry: { type: "Point", coordinates: position(best) }, accuracy_m: best.accuracy.toFixed(1) });
    } else {
      if (points.length < 4) return says.replaceChildren(message("error", t("walk_short")));
      if (metres(points[0], points.at(-1)) > OPEN && !walk.join) {
        walk.join = true;
        return says.replaceChildren(message("warning", t("walk_open", { metres: measure(metres(points[0], points.at(-1))) })));
      }
      const ring = points.map(position);
      const worst = Math.max(...points.map((one) => one.accuracy));
      Object.assign(measured, { geometry: { type: "Polygon", coordinates: [[...ring, ring[0]]] }, accuracy_m: worst.toFixed(1) });
    }
    const isNew = walk.chakra === null;
    if (typed.value && (isNew || asPoint)) measured[isNew ? "declared_area_ha" : "area_ha"] = typed.value;
    const entityId = walk.chakra ?? outbox.uuid();
    const payload = isNew ? { family: walk.family, ...(walk.name?.trim() && { name: walk.name.trim() }), ...measured, captured_by: outbox.state.user?.name } : measured;
    stop();
    await outbox.add({ entity: "chakra", entityId, action: isNew ? "create" : "correct", payload, seen: { who: walk.who.name, what: chakra ? chakraCode(chakra) : walk.name || t("walk_new") } });
    await store.remove("walks", walkKey());
    const { who } = walk;
    walk = null;
    photographing = { chakra: entityId, who, what: chakra ? chakraCode(chakra) : t("walk_new") };
    return app.say(t("walk_saved"), "foto");
  }

  root.replaceChildren(
    h("h1", {}, chakra ? chakra.name || chakraCode(chakra) : t("walk_new")),
    h("p", { class: "muted" }, `${walk.who.name} · ${whoLine(walk.who)}`),
    h("p", {}, t("walk_says")),
    figure, says, sketch,
    walk.chakra === null ? field("walk-name", t("chakra_name"), name, { optional: true }) : "",
    field("walk-area", t("declared_area"), area, { help: t("declared_area_help"), optional: true }),
    h("div", { class: "walk-acts" },
      started ? button(t("walk_stop"), () => { stop(); app.render(); }, { kind: "button-main" }) : button(walk.points.length ? t("walk_go_on") : t("walk_start"), begin, { mark: "next", kind: walk.points.length ? "" : "button-main" }),
      !started && walk.points.length > 0 && button(t("walk_save"), () => save(false), { mark: "good", kind: "button-main" }),
      walk.best && button(t("walk_point"), () => save(true), { mark: "community" }),
      walk.chakra && button(t("photograph"), () => { photographing = { chakra: walk.chakra, who: walk.who, what: chakraCode(chakra) }; app.go("foto"); }, { mark: "photograph" }),
      !started && walk.points.length > 0 && button(t("walk_clear"), async () => { walk.points = []; walk.best = undefined; await store.remove("walks", walkKey()); app.render(); }, { kind: "button-link" }),
      button(t("leave"), () => { stop(); walk = null; app.go("mas"); }, { mark: "back", kind: "button-link" })));
  walk.tell = tell;
  tell();
}

// --- Photographs --------------------------------------------------------------------------------------------

let photographing = null;

/** Reduce a photograph: longest side 1280, at most 600 KB. */
export async function reduce(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  let most = LONGEST;
  for (let quality = 0.7; ; quality -= 0.15) {
    const scale = Math.min(1, most / Math.max(picture.width, picture.height));
    const canvas = h("canvas", {});
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob.size <= MOST_BYTES) return { blob, canvas };
    if (quality < 0.4) most = Math.round(most * 0.75);
    if (quality < 0.2) quality = 0.55;
  }
}

export function photograph(app, root) {
  if (!photographing) return app.go("mas");
  const { chakra, who, what } = photographing;
  const preview = h("div", { class: "photograph-preview" });
  const caption = h("input", { type: "text", autocomplete: "off" });
  const NONE = Promise.resolve(null);
  let reducing = NONE; // an old telephone takes seconds: whoever saves meanwhile waits for it
  async function take(picked) {
    const taken = await reduce(picked).catch(() => null);
    if (!taken) return preview.replaceChildren(message("error", t("photograph_wrong")));
    taken.canvas.setAttribute("role", "img");
    taken.canvas.setAttribute("aria-label", t("photograph"));
    preview.replaceChildren(taken.canvas, h("p", { class: "muted" }, `${Math.ceil(taken.blob.size / 1024)} KB`));
    return taken.blob;
  }
  const file = h("input", { type: "file", accept: "image/*", capture: "environment", onchange: () => { reducing = take(file.files[0]); } });
  const save = async (event) => {
    event.preventDefault();
    if (!file.files.length) return preview.replaceChildren(message("error", t("photograph_missing")));
    const picked = reducing;
    reducing = NONE; // one picture is saved once, however often the button is touched
    const blob = await picked;
    if (!blob) return null;
    await outbox.add({ entity: "photograph", entityId: outbox.uuid(), action: "create", photograph: blob,
      payload: { chakra, taken_on: outbox.today(), ...(caption.value.trim() && { caption: caption.value.trim() }) }, seen: { who: who.name, what, kind: "photograph" } });
    return app.say(t("photograph_saved"));
  };
  root.replaceChildren(h("form", { class: "form", onsubmit: save, novalidate: true },
    h("h1", {}, t("photograph_of", { chakra: what })), h("p", { class: "muted" }, who.name),
    field("photograph", t("photograph"), file), preview, field("caption", t("caption"), caption, { optional: true }),
    h("div", { class: "form-actions" }, h("button", { type: "submit", class: "button button-main" }, t("photograph_save")),
      button(t("finish"), () => { photographing = null; app.go("mas"); }))));
  return null;
}

// --- A new person -----------------------------------------------------------------------------------------------

let newcomer = null;

export function person(app, root) {
  if (!newcomer) {
    const { panel, focus } = finder(app.register, (who) => { newcomer = { who, sex: "" }; app.render(); }, { label: t("person_family"), help: t("person_family_help") });
    root.replaceChildren(h("h1", {}, t("person_new")), panel);
    return focus();
  }
  const text = (mode = "text") => h("input", { type: "text", autocomplete: "off", inputmode: mode });
  const inputs = { surnames: text(), given_names: text(), born_on: h("input", { type: "date", max: isoDay(outbox.now()) }), cedula: text("numeric"), cedula_missing_reason: text(), phone: text("tel") };
  const wrong = h("div", { role: "alert" });
  const save = async (event) => {
    event.preventDefault();
    const told = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]).filter(([, value]) => value));
    const refuse = (code, name) => { wrong.replaceChildren(message("error", t(code))); inputs[name].focus(); };
    if (!told.surnames) return refuse("wrong_surnames", "surnames");
    if (!told.given_names) return refuse("wrong_given_names", "given_names");
    if (told.cedula && !cedulaIsRight(told.cedula)) return refuse("wrong_cedula", "cedula");
    if (told.cedula) {
      told.cedula = told.cedula.replace(/[\s-]/g, "");
      delete told.cedula_missing_reason;
    } else if (!told.cedula_missing_reason) return refuse("wrong_cedula_missing", "cedula_missing_reason");
    await outbox.add({ entity: "person", entityId: outbox.uuid(), action: "create", payload: { family: newcomer.who.family, ...told, ...(newcomer.sex && { sex: newcomer.sex }) }, seen: { who: `${told.surnames} ${told.given_names}`, what: newcomer.who.familyName, kind: "person" } });
    newcomer = null;
    return app.say(t("person_saved"), "mas");
  };
  root.replaceChildren(h("form", { class: "form", onsubmit: save, novalidate: true },
    h("h1", {}, t("person_new")), h("p", { class: "muted" }, [t("family"), newcomer.who.familyName, "·", newcomer.who.communityName].join(" ")), wrong,
    field("surnames", t("surnames"), inputs.surnames), field("given_names", t("given_names"), inputs.given_names),
    picks("sex", t("sex"), [["F", t("sex_F")], ["M", t("sex_M")], ["X", t("sex_X")]], newcomer.sex, (sex) => { newcomer.sex = sex; }),
    field("born_on", t("born_on"), inputs.born_on, { optional: true }),
    field("cedula", t("cedula"), inputs.cedula, { optional: true }),
    field("cedula_missing_reason", t("cedula_missing"), inputs.cedula_missing_reason, { help: t("cedula_missing_help") }),
    field("phone", t("phone"), inputs.phone, { optional: true }),
    h("div", { class: "form-actions" }, h("button", { type: "submit", class: "button button-main" }, t("person_save")),
      button(t("leave"), () => { newcomer = null; app.go("mas"); }))));
  return null;
}

/** Whether something is half filled here, so that the app may not reload. */
export const isBusy = () => Boolean(walk?.points?.length || photographing || newcomer);

// The offline intake: what is on screen, and what leads where. The one page of /acopio/ is both the
// operator's queue at a desk and the agent's telephone in the village.
import { ask, button, h, icon, isTouch, isWide, language, loadTexts, message, moment, t } from "./dom.js";
import { typedAs, writeWith } from "./decimals.js";
import { shortDevice } from "./codes.js";
import { empty, isTyped } from "./delivery.js";
import { deliver, showWeight } from "./form.js";
import { boundary, isBusy, person, photograph } from "./field.js";
import { box, dayOf, trouble, voiding } from "./lists.js";
import { print, receipt } from "./receipt.js";
import * as outbox from "./outbox.js";
import * as position from "./position.js";
import * as register from "./register.js";
import * as scale from "./scale.js";
import * as store from "./store.js";

const root = document.querySelector("#contenido");
const head = document.querySelector("#head");
const nav = document.querySelector("#nav");
const PAGES = [["", "deliver", "add"], ["salida", "outbox", "send"], ["dia", "day", "list"], ["mas", "more", "menu"]];
const LANGUAGES = { es: "Español", en: "English", qu: "Kichwa" };

const app = {
  register: null,
  draft: empty(),
  kept: {},
  saved: null,
  flash: null,
  isSaving: false,
  update: null,
  persisted: null,
  signIn: document.body.dataset.signIn,

  async keep(name, value) {
    app.kept[name] = value;
    await store.put("kept", app.kept, "settings");
  },
  go(place) {
    if (location.hash.slice(1) === place) app.render();
    else location.hash = place;
  },
  /** Say what was done, for some seconds, whatever is drawn meanwhile. */
  say(words, place) {
    app.flash = { words, until: Date.now() + 8_000 };
    if (place === undefined) app.render();
    else app.go(place);
  },

  // --- A delivery ---
  begin(who) {
    app.draft = { ...empty(), who };
    app.saved = null;
    const forms = app.register.forms;
    const last = forms.find((one) => one.code === app.kept.lastForm) ?? (forms.length === 1 ? forms[0] : null);
    if (last) app.chooseForm(last.code);
    if (app.kept.position) position.watch();
    app.go("");
  },
  chooseForm(code) {
    const form = app.register.form.get(code);
    const unit = app.kept.units?.[code] ?? form.unit ?? "kg";
    const tare = /[1-9]/.test(form.tare_kg ?? "") ? typedAs(form.tare_kg.replace(/\.?0+$/, "")) : "";
    Object.assign(app.draft, { choosing: false, form: code, quality: "", variety: "", tare, unit: form.counted === "piece" ? "piece" : unit });
  },
  rememberUnit(unit) {
    app.keep("units", { ...app.kept.units, [app.draft.form]: unit });
  },
  cancel() {
    app.leaving(() => { app.draft = empty(); app.render(); });
  },
  /** Do what drops the form under way; asked first where something has been typed. */
  leaving(act) {
    if (!isTyped(app.draft)) return act();
    return ask(t("leave_asks", { who: app.draft.who.name }), { no: t("leave_no"), yes: t("leave_yes"), act });
  },
  done(item) {
    if (item.op.payload.product_form !== app.kept.lastForm) app.keep("lastForm", item.op.payload.product_form);
    app.draft = empty();
    app.saved = { item };
    if (isWide() && !isTouch()) {
      app.render();
      scrollTo(0, 0);
    } else app.go(`recibo/${item.op_id}`);
    reloadIfAsked();
  },
  correct(item) {
    const who = app.register.find(item.seen.whoKind, item.seen.whoId);
    if (!who) return app.say(t("who_gone"));
    return app.leaving(() => {
      const before = { ...empty(), ...item.seen.draft, reason: "" };
      app.draft = { ...before, chakras: { ...before.chakras }, who, corrects: { id: item.op.entity_id, folio: outbox.folio(item), weighedAt: item.op.payload.weighed_at, before } };
      app.saved = null;
      app.go("");
    });
  },
  print: (item) => print(app, item),

  async exportOutbox() {
    const file = new Blob([JSON.stringify(await outbox.exported(), null, 1)], { type: "application/json" });
    const link = h("a", { href: URL.createObjectURL(file), download: `acopio-${shortDevice(outbox.state.device)}-${outbox.clock().slice(0, 16).replace(/[T:]/g, "-")}.json` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  },

  /** Draw the form again where its parts changed; the cursor stays where it was. */
  redraw() {
    const { activeElement: active } = document;
    const pane = document.querySelector("#pane");
    const spot = active?.name ? `[name="${active.name}"]:checked` : active?.id ? `#${active.id}` : null;
    const top = scrollY;
    deliver(app, pane);
    scrollTo(0, top);
    // A product chosen at the desk leads on to its weight, where the arrows still change it.
    const found = spot && (active.name === "form" && !isTouch() ? pane.querySelector("#quantity") : pane.querySelector(spot));
    if (found) found.focus({ preventScroll: true });
    if (isTouch() && active?.name === "form") showWeight(pane);
  },

  render() {
    const [place, id] = decodeURIComponent(location.hash.slice(1)).split("/");
    const pane = h("div", { id: "pane", class: "pane" });
    const flash = app.flash?.until > Date.now() && h("div", { class: "flash", role: "status" }, message("success", app.flash.words));
    document.body.classList.toggle("is-filling", place === "" && Boolean(app.draft.who));
    drawHead(place);
    const desk = place === "" && isWide() && !app.register.isEmpty;
    root.className = `acopio-main${desk ? " is-desk" : ""}`;
    root.removeAttribute("aria-busy");
    root.replaceChildren(pane, desk ? dayOf(app) : "");
    if (place === "" && app.register.isEmpty) pane.replaceChildren(nothingYet());
    else if (place === "") deliver(app, pane);
    else if (place === "salida") box(app, pane);
    else if (place === "dia") pane.replaceChildren(h("h1", { class: "visually-hidden" }, t("day")), dayOf(app));
    else if (place === "mas") more(pane);
    else if (place === "recibo") receipt(app, pane, id);
    else if (place === "anular") voiding(app, pane, id);
    else if (place === "lindero") boundary(app, pane);
    else if (place === "foto") photograph(app, pane);
    else if (place === "persona") person(app, pane);
    else app.go("");
    if (place === "" && !app.draft.who && !pane.querySelector("h1")) pane.prepend(h("h1", { class: "visually-hidden" }, t("title")));
    if (flash) pane.prepend(flash);
    if (app.update) pane.prepend(newVersion());
    if (outbox.clockIsWrong()) pane.prepend(message("warning", t("clock_wrong", { minutes: Math.round(Math.abs(outbox.state.offset) / 60_000) })));
  },
};

function drawHead(place) {
  const waiting = outbox.waiting().length;
  const troubled = outbox.troubled().length;
  const problem = outbox.state.problem;
  const words = troubled ? t("state_troubled", { count: troubled }) : waiting ? t("state_waits", { count: waiting }) : t("state_all_sent");
  const line = !navigator.onLine ? t("offline") : problem === "signin" ? t("signed_out") : outbox.state.sending && waiting ? t("sending") : "";
  const kind = troubled ? "badge-bad" : waiting ? "badge-waiting" : "badge-good";
  head.replaceChildren(
    h("a", { class: "brand", href: "#" }, document.querySelector("#icons .mark").cloneNode(true), h("span", {}, t("title"))),
    h("a", { class: "head-state", href: "#salida", role: "status" },
      line && h("span", { class: "badge" }, line),
      h("span", { class: `badge ${kind}` }, icon(troubled ? "warning" : waiting ? "waiting" : "good"), words)));
  nav.setAttribute("aria-label", t("menu"));
  nav.replaceChildren(...PAGES.map(([to, name, mark]) =>
    h("a", { href: `#${to}`, "aria-current": to === place ? "page" : undefined, onclick: to === "" ? (event) => { event.preventDefault(); app.go(""); } : undefined },
      icon(mark), h("span", {}, t(`nav_${name}`)), to === "salida" && waiting + troubled > 0 && h("span", { class: "count" }, String(waiting + troubled)))));
}

function nothingYet() {
  const { problem, sending } = outbox.state;
  return h("div", { class: "empty" }, icon("download"), h("h1", {}, t("title")),
    sending ? h("p", { role: "status" }, t("register_coming")) : trouble(app) ?? h("p", {}, t("register_empty")),
    problem !== "signin" && problem !== "not_allowed" && !sending && button(t("register_fetch"), () => outbox.send({ asked: true }), { mark: "download", kind: "button-main" }), homeLink());
}

const homeLink = () => h("a", { class: "button button-link", href: "/" }, icon("home"), ` ${t("home")}`);

function newVersion() {
  const busy = app.draft.who || isBusy();
  return h("div", { class: "flash" }, message("info", t("new_version"), busy ? h("p", { class: "muted" }, t("new_version_later")) : button(t("update"), () => app.update.postMessage("take over"), { mark: "changes" })));
}

function more(pane) {
  const { kept } = app;
  const select = (id, label, options, chosen, onchange) => h("div", { class: "field" }, h("label", { for: id }, label),
    h("select", { id, onchange: (event) => onchange(event.target.value) }, options.map(([value, words]) => h("option", { value, selected: value === chosen }, words))));
  const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
  const tick = h("input", { type: "checkbox", onchange: () => app.keep("position", tick.checked) });
  tick.checked = Boolean(kept.position);
  const centers = app.register.centers;
  pane.replaceChildren(
    h("h1", {}, t("more")),
    h("ul", { class: "tiles" }, [["lindero", "walk_title", "walk_tile", "community"], ["persona", "person_new", "person_tile", "person"]].map(([to, name, words, mark]) =>
      h("li", {}, h("a", { class: "tile", href: `#${to}` }, icon(mark), h("div", {}, h("strong", {}, t(name)), h("span", {}, t(words))))))),
    h("section", { class: "card" }, h("h2", {}, t("this_device")),
      h("dl", { class: "facts" },
        fact(t("register"), outbox.state.pulled ? t("register_of", { when: moment(outbox.state.pulled), people: app.register.people.length }) : t("register_none")),
        fact(t("signed_in_as"), outbox.state.user ? outbox.state.user.name : t("nobody")),
        fact(t("storage"), app.persisted === null ? t("storage_unknown") : app.persisted ? t("storage_safe") : t("storage_pressed")),
        fact(t("clock"), outbox.clockIsWrong() ? t("clock_off", { minutes: Math.round(outbox.state.offset / 60_000) }) : outbox.state.offsetKnown ? t("clock_right") : t("clock_unknown")),
        fact(t("device"), h("span", { class: "code" }, shortDevice(outbox.state.device), outbox.state.deviceState === "revoked" && ` · ${t("device_revoked")}`))),
      h("div", { class: "actions" },
        !app.persisted && button(t("storage_ask"), askToPersist, { mark: "lock" }),
        button(t("register_fetch"), () => outbox.send({ asked: true }), { mark: "download" }),
        button(t("export"), () => app.exportOutbox(), { mark: "external" }))),
    h("section", { class: "card" }, h("h2", {}, t("settings")),
      centers.length > 1 && select("center", t("center"), [["", t("center_any")], ...centers.map((one) => [one.code, one.name])], kept.center ?? "", (value) => app.keep("center", value)),
      select("paper", t("paper"), ["58", "80", "a4"].map((paper) => [paper, t(`paper_${paper}`)]), kept.paper ?? "80", (value) => app.keep("paper", value)),
      select("language", t("language"), Object.entries(LANGUAGES), language(), async (value) => { await app.keep("language", value); await speak(value); app.render(); }),
      h("div", { class: "field" }, h("label", { class: "field-check" }, tick, h("span", {}, t("keep_position")))),
      scale.canConnect() && button(scale.isConnected() ? t("scale_connected") : t("scale_connect"), () => scale.connect().then(() => app.say(t("scale_connected")), () => app.say(t("scale_failed"))), { mark: "devices" })),
    h("p", {}, homeLink(), (!outbox.state.user || outbox.state.problem === "signin" || outbox.state.problem === "not_allowed") && h("a", { class: "button button-link", href: app.signIn }, icon("sign-in"), ` ${t("sign_in")}`)));
}

async function askToPersist() {
  app.persisted = (await navigator.storage?.persist?.()) ?? null;
  app.render();
}

async function speak(wanted) {
  await loadTexts(wanted).catch(() => loadTexts("es"));
  writeWith(language() === "en" ? "." : ",");
  document.title = `${t("title")} · Kallari`;
}

// --- New versions: at the next start, or on a button, never over a half filled form -------------------------

let reloads = false;
function reloadIfAsked() {
  if (reloads && !app.draft.who && !isBusy()) location.reload();
}

async function installWorker() {
  if (!("serviceWorker" in navigator)) return;
  let hadOne = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!hadOne) return void (hadOne = true); // the first one: nothing to reload for
    reloads = true;
    reloadIfAsked();
  });
  const registration = await navigator.serviceWorker.register("sw.js", { updateViaCache: "none" }).catch(() => null);
  if (!registration) return;
  const offer = () => {
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    app.update = registration.waiting;
    app.render();
  };
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  if (registration.waiting) {
    registration.waiting.postMessage("take over if alone");
    offer();
  }
  setInterval(() => navigator.onLine && registration.update().catch(() => null), 3_600_000);
}

// --- Start -------------------------------------------------------------------------------------------------------

function sayAlone(...words) {
  root.removeAttribute("aria-busy");
  root.replaceChildren(...words);
}

async function start() {
  const cookie = /(?:^|; )kallari_language=(\w+)/.exec(document.cookie)?.[1];
  await store.open(() => sayAlone(message("warning", t("other_version"))));
  app.kept = (await store.get("kept", "settings")) ?? {};
  await speak(app.kept.language ?? (cookie in LANGUAGES ? cookie : "es"));
  await outbox.start();
  app.register = await register.load();
  outbox.onChange(async (what) => {
    if (what === "register") app.register = await register.load();
    // A form under way keeps what is typed: only the head is drawn again.
    const [place] = location.hash.slice(1).split("/");
    if (["lindero", "foto", "persona", "anular"].includes(place) || (place === "" && (app.draft.who || document.querySelector("#who")?.value))) drawHead(place);
    else app.render();
  });
  addEventListener("hashchange", () => { app.render(); scrollTo(0, 0); });
  addEventListener("online", () => outbox.send({ asked: true }));
  addEventListener("offline", () => drawHead(location.hash.slice(1)));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && outbox.send());
  addEventListener("beforeunload", (event) => isTyped(app.draft) && event.preventDefault());
  addEventListener("keydown", (event) => {
    if (event.key !== "F9") return;
    event.preventDefault();
    const item = app.saved?.item ?? outbox.standing().at(-1)?.item;
    if (item) app.print(item);
  });
  let wide = isWide();
  addEventListener("resize", () => { if (wide !== isWide()) { wide = isWide(); app.render(); } });
  app.render();
  document.body.dataset.ready = "";
  app.persisted = (await navigator.storage?.persisted?.()) || ((await navigator.storage?.persist?.()) ?? null);
  installWorker();
  outbox.send({ asked: true });
}

start().catch((error) => {
  sayAlone(message("error", t("broken")), h("pre", {}, String(error)));
  throw error;
});

// The form of a delivery: product, weight, done; everything else only where it is needed.
import { button, field, h, icon, isTouch, isoDay, message, picks, t } from "./dom.js";
import { decimalSign, dollars, kilos, shown, typedAs, unitPrice } from "./decimals.js";
import { chakraCode } from "./codes.js";
import { UNIT_CODES, payload, shares, split, weigh } from "./delivery.js";
import { finder, standing, whoLine } from "./finder.js";
import { place } from "./position.js";
import * as outbox from "./outbox.js";
import * as scale from "./scale.js";

export const unitName = (unit) => t(`unit_${unit}`);

/** The form in `root`; `app` holds the register, the draft and what is kept. */
export function deliver(app, root) {
  const { register, draft } = app;
  if (!draft.who) {
    const { panel, focus } = finder(register, (one) => app.begin(one));
    root.replaceChildren(app.saved ? savedLine(app) : "", panel);
    if (!isTouch()) focus();
    return;
  }
  root.replaceChildren(formOf(app));
  const quantity = root.querySelector("#quantity");
  if (!isTouch()) (quantity ?? root.querySelector('input[name="form"]'))?.focus({ preventScroll: true });
  else if (quantity && !draft.choosing) showWeight(root);
  else scrollTo(0, 0);
}

/** Under a thumb: from the product down to the keys, without a scroll; who delivers stands beside
 * the button, too. Where not all of it fits, the keys go before the product. */
export function showWeight(root) {
  (root.querySelector(".product-chosen") ?? root.querySelector(".chosen"))?.scrollIntoView({ block: "start" });
  measureBar();
  showPad();
}

const showPad = () => document.querySelector(".pad:not([hidden])")?.scrollIntoView({ block: "nearest" });

let covered = 0;
/** How much of the screen's end the bar covers, for all that scrolls (acopio.css). Keys that stood
 * clear of it stay clear when a warning makes it higher. */
function measureBar() {
  const bar = document.querySelector(".save-bar");
  const before = covered;
  covered = bar && getComputedStyle(bar).position === "sticky" ? bar.offsetHeight : 0;
  document.documentElement.style.setProperty("--bar", `${covered}px`);
  const end = document.querySelector(".pad:not([hidden])")?.getBoundingClientRect().bottom ?? 0;
  if (end > innerHeight - covered && end <= innerHeight - before) showPad();
}
const barGrows = new ResizeObserver(measureBar);

function savedLine(app) {
  const item = outbox.state.items.find((one) => one.op_id === app.saved.item.op_id) ?? app.saved.item;
  return h("div", { class: "saved", role: "status" },
    message("success", t("saved", { folio: outbox.folio(item), who: item.seen.who, kg: item.seen.netShown })),
    h("div", { class: "actions" },
      button(t("receipt"), () => app.go(`recibo/${item.op_id}`), { mark: "document" }),
      button(t("print"), () => app.print(item), { mark: "print", title: "F9" })));
}

function formOf(app) {
  const { register, draft } = app;
  const form = register.form.get(draft.form);
  const pieces = form?.counted === "piece";
  const errors = {};
  let state;
  let asking = false; // whether errors are shown: after the first attempt to save
  let padFor = null;

  const change = (name, value, { redraw = false } = {}) => {
    draft[name] = value;
    if (redraw) app.redraw();
    else refresh();
  };

  const typed = (name, label, { mode = "decimal", ...options } = {}) => {
    const number = mode !== "text";
    const control = h("input", {
      type: "text", autocomplete: "off", inputmode: number && isTouch() ? "none" : mode, class: number ? "number" : "", value: draft[name],
      oninput: () => change(name, control.value),
      onfocus: () => { if (number) openPad(control); else closePad(); if (number) control.select(); },
    });
    errors[name] = h("div", { class: "error", id: `${name}-error`, role: "alert" });
    control.setAttribute("aria-describedby", `${name}-error`);
    const box = field(name, label, control, options);
    box.append(errors[name]);
    return box;
  };

  // --- A pad of large keys for touch ---------------------------------------------------------------
  const pad = h("div", { class: "pad", hidden: true, "aria-label": t("pad") },
    ["1", "2", "3", "4", "5", "6", "7", "8", "9", decimalSign(), "0", "⌫"].map((key) =>
      h("button", { type: "button", tabindex: "-1", class: "pad-key", "aria-label": key === "⌫" ? t("erase") : key,
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => {
          if (!padFor) return;
          padFor.value = key === "⌫" ? padFor.value.slice(0, -1) : (padFor.selectionEnd - padFor.selectionStart === padFor.value.length ? "" : padFor.value) + key;
          padFor.setSelectionRange(padFor.value.length, padFor.value.length);
          padFor.dispatchEvent(new Event("input"));
        } }, key)));
  const closePad = () => { pad.hidden = true; };
  function openPad(control) {
    padFor = control;
    if (!isTouch()) return;
    pad.hidden = false;
    (control.id === "quantity" ? weightBox : control.closest(".field-row") ?? control.closest(".field")).after(pad);
    if (pad.isConnected) showPad();
  }

  // --- Product, quality, weight ---------------------------------------------------------------------
  const kindOf = (one) => register.product.get(one.product)?.kind ?? "other";
  // Under a thumb the product that was chosen makes room for the weight.
  const products = isTouch() && form && !draft.choosing
    ? h("button", { type: "button", class: "product-chosen", "aria-label": `${t("product")}: ${form.name}. ${t("change")}`, onclick: () => { draft.choosing = true; app.redraw(); scrollTo(0, 0); } },
        icon(kindOf(form)), h("strong", {}, form.name), h("span", { class: "muted" }, t("change")))
    : picks("form", t("product"), register.forms.map((one) => [one.code, one.name, kindOf(one)]), draft.form,
        (code) => { app.chooseForm(code); app.redraw(); }, { kind: "picks-large" });
  const qualities = register.qualitiesOf(draft.form);
  const varieties = register.varietiesOf(draft.form);

  const quantity = h("input", {
    type: "text", id: "quantity", class: "quantity", autocomplete: "off", inputmode: isTouch() ? "none" : "decimal", value: draft.quantity,
    "aria-describedby": "quantity-error quantity-help", enterkeyhint: "done",
    oninput: () => {
      const unit = /^([\d.,\s]+)(kg|lb|qq|@|arr?o?b?a?)$/i.exec(quantity.value);
      if (unit && !pieces) {
        const code = unit[2] === "@" || unit[2][0] === "a" ? "arroba" : unit[2].toLowerCase();
        quantity.value = unit[1].trim();
        draft.quantity = quantity.value;
        return change("unit", code, { redraw: true });
      }
      return change("quantity", quantity.value);
    },
    onfocus: () => { openPad(quantity); quantity.select(); },
    onkeydown: (event) => {
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      if (!step || register.forms.length < 2) return;
      event.preventDefault();
      const at = register.forms.findIndex((one) => one.code === draft.form);
      app.chooseForm(register.forms[(at + step + register.forms.length) % register.forms.length].code);
      app.redraw();
    },
  });
  errors.quantity = h("div", { class: "error", id: "quantity-error", role: "alert" });
  const units = !pieces && picks("unit", t("unit"), UNIT_CODES.map((code) => [code, unitName(code)]), draft.unit, (code) => { app.rememberUnit(code); change("unit", code, { redraw: true }); }, { kind: "units" });
  const weightBox = h("div", { class: "field weight" },
    h("label", { for: "quantity" }, pieces ? t("pieces") : t("weight")),
    h("div", { class: "weight-row" }, quantity, units,
      scale.isConnected() && button(t("scale_read"), async () => { const kg = await scale.read(); if (kg) { draft.unit = "kg"; draft.quantity = typedAs(kg); app.redraw(); } }, { mark: "devices" })),
    !isTouch() && register.forms.length > 1 && h("p", { class: "help", id: "quantity-help" }, t("quantity_help")),
    errors.quantity);

  // --- When, from where --------------------------------------------------------------------------------
  const now = outbox.now();
  const days = { today: isoDay(now), yesterday: isoDay(now - 86_400_000) };
  // Nothing is chosen beforehand: that somebody does not know is said by somebody, or left open.
  const chosenDay = draft.otherDay ? "other" : Object.keys(days).find((name) => days[name] === draft.harvestedOn) ?? (draft.harvestedOn ? "other" : draft.dayUnknown ? "" : null);
  errors.harvestedOn = h("div", { class: "error", role: "alert" });
  const harvested = h("div", {},
    picks("harvested", t("harvested"), [["today", t("today")], ["yesterday", t("yesterday")], ["other", t("other_day")], ["", t("unknown")]], chosenDay, (name) => {
      draft.otherDay = name === "other";
      draft.dayUnknown = name === "";
      change("harvestedOn", days[name] ?? "", { redraw: true });
    }, { optional: true }),
    chosenDay === "other" && field("harvestedOn", t("harvested_on"), h("input", { type: "date", max: days.today, value: draft.harvestedOn, oninput: (event) => change("harvestedOn", event.target.value) })),
    errors.harvestedOn);
  const pollinated = form?.ripe_months && field("pollinatedOn", t("pollinated_on"), h("input", { type: "date", max: days.today, value: draft.pollinatedOn, oninput: (event) => change("pollinatedOn", event.target.value) }), { help: t("pollinated_help", { months: form.ripe_months }), optional: true });

  const chakras = register.chakrasOf.get(draft.who.family) ?? [];
  errors.chakras = h("div", { class: "error", role: "alert" });
  const from = chakras.length > 1 && h("fieldset", { class: "picks chakras" }, h("legend", {}, t("from_chakras")),
    chakras.map((one) => {
      const box = h("input", { type: "checkbox", onchange: () => {
        const chosen = chakras.map(({ id }) => id).filter((id) => (id === one.id ? box.checked : id in draft.chakras));
        change("chakras", split(chosen.length ? chosen : []), { redraw: true });
      } });
      box.checked = one.id in draft.chakras;
      const part = h("input", { type: "text", inputmode: "numeric", class: "number part", "aria-label": t("share_of", { chakra: one.name || chakraCode(one) }), value: draft.chakras[one.id] ?? "", oninput: () => {
        draft.chakras[one.id] = part.value;
        const [other, ...more] = Object.keys(draft.chakras).filter((id) => id !== one.id);
        if (other && !more.length && /^\d{1,2}$/.test(part.value)) {
          draft.chakras[other] = String(100 - Number(part.value));
          for (const rest of from.querySelectorAll(".part")) if (rest !== part) rest.value = draft.chakras[other];
        }
        refresh();
      } });
      return h("div", { class: "chakra" },
        h("label", { class: "pick" }, box, icon("leaf"), h("span", {}, h("strong", {}, one.name || chakraCode(one)), h("span", { class: "muted" }, [one.name && chakraCode(one), t(`class_${one.class}`)].filter(Boolean).join(" · ")))),
        box.checked && Object.keys(draft.chakras).length > 1 && h("span", { class: "part-row" }, part, " %"));
    }), errors.chakras);

  // --- Less often ---------------------------------------------------------------------------------------
  const tares = !pieces && h("div", { class: "field-row" },
    typed("containers", t("containers"), { mode: "numeric" }),
    typed("tare", t("tare_each")));
  const moisture = typed("moisture", t("moisture"), { optional: true });
  const rest = h("details", { class: "more-data", open: Boolean(draft.deduction || draft.deductionReason || (!form?.moisture && draft.moisture)) }, h("summary", {}, t("more_data")),
    h("div", { class: "stack" },
      h("div", { class: "field-row" }, typed("deduction", t("deduction"), { optional: true }), typed("deductionReason", t("deduction_reason"), { mode: "text" })),
      !form?.moisture && moisture));

  const alerts = h("div", { class: "alerts", role: "status" });
  const note = typed("note", t("note"), { mode: "text", optional: true });
  const why = draft.corrects && typed("reason", t("reason"), { mode: "text", help: t("reason_help") });
  const sums = h("dl", { class: "sums" });
  const details = h("p", { class: "sums-small" });
  // What scrolls out of sight on a telephone and decides who is paid stays beside the button.
  const whose = h("p", { class: "save-who" }, draft.who.name);
  const warned = h("p", { class: "save-warned" });
  const isOptional = note.querySelector(".field-optional");
  const said = (code, values) => t(code, { ...values, ...(values.kg && { kg: typedAs(values.kg), limit: typedAs(values.limit) }) });
  const save = h("button", { type: "submit", class: "button button-main save" }, icon("good"), ` ${draft.corrects ? t("save_correction") : t("save")}`);

  function figure(name, value) {
    return h("div", {}, h("dt", {}, name), h("dd", {}, value));
  }

  function refresh() {
    state = weigh(draft, register, outbox.now(), outbox.standing());
    const { price: priced, premium } = state;
    const small = [
      (state.tare > 0n || state.deduction > 0n) && state.gross !== null && [t("gross"), kilos(state.gross), state.tare > 0n && `− ${t("tare").toLowerCase()} ${kilos(state.tare)}`, state.deduction > 0n && `− ${t("deducted").toLowerCase()} ${kilos(state.deduction)}`].filter(Boolean).join(" "),
      priced && unitPrice(priced.price_usd, unitName(priced.unit ?? "kg")),
      priced && premium > 0n && `+ ${t("premium").toLowerCase()} ${dollars(premium)}`,
      state.class && state.typed.quantity && t(`class_${state.class}`),
    ].filter(Boolean);
    sums.replaceChildren(
      figure(pieces ? t("pieces") : t("net"), pieces ? (state.typed.quantity ?? "—") : state.net > 0n ? kilos(state.net) : "—"),
      figure(t("amount"), state.amount !== null ? dollars(state.amount) : state.typed.quantity && !state.wrong.length && !priced ? t("no_price") : "—"));
    details.replaceChildren(small.join(" · "));
    warned.replaceChildren(...state.alerts.slice(0, 1).flatMap(([code, values = {}]) => [icon("warning"), said(code, values)]));
    alerts.replaceChildren(...state.alerts.map(([code, values = {}]) => message("warning", said(code, values))));
    isOptional.hidden = state.alerts.length > 0;
    if (state.alerts.length) alerts.append(h("p", { class: "muted" }, t("alerts_ask")));
    for (const name of Object.keys(errors)) errors[name].replaceChildren();
    for (const wrong of state.wrong) {
      const target = errors[wrong.field] ?? errors.quantity;
      if (wrong.code === "ambiguous") {
        target.replaceChildren(h("span", {}, t("ambiguous")), ...wrong.choices.map((value) => button(typedAs(value), () => { draft[wrong.field] = value.includes(".") ? typedAs(value) : value; if (value.includes(".")) draft[wrong.field] = typedAs(value.replace(/0+$/, "")); app.redraw(); })));
      } else if (asking || wrong.code === "number" || wrong.code === "shares") target.replaceChildren(icon("error"), t(`wrong_${wrong.code}`, { sign: decimalSign() }));
    }
  }

  async function submit(event) {
    event.preventDefault();
    if (app.isSaving) return;
    asking = true;
    refresh();
    const focus = (id) => { const control = box.querySelector(`#${id}`) ?? quantity; control.closest("details")?.setAttribute("open", ""); control.focus(); };
    if (!draft.form) return box.querySelector('input[name="form"]')?.focus();
    if (!state.typed.quantity && !state.wrong.length) { errors.quantity.replaceChildren(icon("error"), t("wrong_missing")); return focus("quantity"); }
    if (state.wrong.length) return focus(state.wrong[0].field);
    if (state.alerts.length && !draft.note.trim()) { errors.note.replaceChildren(icon("error"), t("wrong_note")); return focus("note"); }
    if (draft.corrects && !draft.reason.trim()) { errors.reason.replaceChildren(icon("error"), t("wrong_reason")); return focus("reason"); }
    app.isSaving = true;
    try {
      const item = await keep(app, state);
      app.done(item);
    } finally {
      app.isSaving = false;
    }
    return null;
  }

  const bar = h("div", { class: "save-bar" }, whose, sums, details, warned, save);
  const box = h("form", { class: "deliver", novalidate: true, onsubmit: submit },
    draft.corrects && message("info", t("correcting", { folio: draft.corrects.folio })),
    h("div", { class: "chosen" }, icon(draft.who.kind === "partner" ? "person" : "people"),
      h("div", {}, h("h1", {}, draft.who.name), " ", standing(draft.who), h("p", { class: "muted" }, whoLine(draft.who))),
      !draft.corrects ? button(t("change"), () => app.cancel(), { "aria-label": t("change_who") }) : button(t("leave"), () => app.cancel())),
    products,
    draft.form && [
      qualities.length > 1 && picks("quality", t("quality"), qualities.map((one) => [one.code, one.name]), draft.quality || register.usualQuality(draft.form), (code) => change("quality", code)),
      h("div", { class: "weighing" }, weightBox),
      alerts,
      tares,
      form.moisture && moisture,
      varieties.length > 0 && picks("variety", t("variety"), [...varieties.map((one) => [one.code, one.name]), ["", t("unknown")]], draft.variety, (code) => change("variety", code)),
      harvested,
      pollinated,
      from,
      !pieces && rest,
    ],
    draft.form && note, why,
    bar, pad);
  barGrows.observe(bar);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); app.cancel(); }
    if (event.key === "Enter" && event.target.matches('input[type="radio"], input[type="checkbox"]')) { event.preventDefault(); box.requestSubmit(); }
  });
  refresh();
  if (isTouch() && draft.form) openPad(quantity);
  return box;
}

/** Write the delivery down: on the disk when this answers. */
async function keep(app, state) {
  const { register, draft } = app;
  const at = Date.now();
  const position = app.kept.position ? place() : null;
  const told = payload(draft, state, register, { weighedAt: draft.corrects?.weighedAt ?? outbox.clock(at), center: app.kept.center, position });
  const code = told.quality;
  // As the server reckons it, to the second: the telephone's hour and how far it is off.
  const weighedAt = Date.parse(told.weighed_at) + outbox.state.offset;
  const seen = {
    who: draft.who.name,
    whoLine: whoLine(draft.who),
    whoId: draft.who.id,
    whoKind: draft.who.kind,
    family: draft.who.family,
    product: [register.product.get(state.form.product)?.name, state.form.name].filter(Boolean).join(", "),
    formName: state.form.name,
    kind: register.product.get(state.form.product)?.kind ?? "other",
    quality: register.qualitiesOf(draft.form).length > 1 ? register.quality.get(code)?.name : "",
    variety: register.variety.get(draft.variety)?.name ?? "",
    day: isoDay(weighedAt),
    at: weighedAt,
    net: state.pieces ? "0" : String(state.net),
    netShown: state.pieces ? `${shown(BigInt(state.typed.quantity), 0)} ${t("unit_piece")}` : kilos(state.net),
    gross: state.pieces ? null : String(state.gross),
    tare: String(state.tare),
    deduction: String(state.deduction),
    price: state.price?.price_usd ?? null,
    priceUnit: state.price?.unit ?? null,
    amount: state.amount === null ? null : String(state.amount),
    premium: state.premium ? String(state.premium) : null,
    class: state.class,
    chakras: shares(draft, register).map(({ chakra, share }) => {
      const one = register.chakras.find(({ id }) => id === chakra);
      const isAlone = register.chakras.filter(({ family, name }) => family === one?.family && name === one?.name).length < 2;
      return { name: one ? (one.name ? (isAlone ? one.name : `${one.name} ${chakraCode(one)}`) : chakraCode(one)) : "", share };
    }),
    center: register.centers.find((one) => one.code === app.kept.center)?.name ?? "",
    agent: outbox.state.user?.name ?? "",
    correctsFolio: draft.corrects?.folio ?? "",
    draft: { ...draft, who: null, corrects: null, position: null },
  };
  return outbox.add({ entity: "delivery", entityId: outbox.uuid(), action: draft.corrects ? "correct" : "create", payload: told, seen });
}

// A delivery under way: what it weighs, what it is worth, what should be asked again.
import { grams, plainText, read, scaled, worth, worthOfPieces } from "./decimals.js";
import { isoDay } from "./dom.js";

export const UNIT_CODES = ["kg", "lb", "qq", "arroba"];

export const empty = () => ({
  who: null, form: "", quality: "", variety: "", unit: "kg", quantity: "", containers: "", tare: "", deduction: "",
  deductionReason: "", moisture: "", harvestedOn: "", pollinatedOn: "", chakras: {}, note: "", reason: "", corrects: null,
});

/** What is lost when a form is left; a product is one tap. */
const TYPED = ["quantity", "containers", "deduction", "deductionReason", "moisture", "harvestedOn", "pollinatedOn", "chakras", "note", "reason"];

/** Whether something was typed into a draft since it began, empty or with what it corrects. */
export function isTyped(draft) {
  const before = draft.corrects?.before ?? empty();
  return Boolean(draft.who) && TYPED.some((name) => JSON.stringify(draft[name]) !== JSON.stringify(before[name]));
}

const isBlank = (typed) => !String(typed).trim();

/** The numbers of a draft as text with a point, and what is wrong with them. */
function numbers(draft, form) {
  const found = {};
  const wrong = [];
  const names = form?.counted === "piece" ? ["quantity"] : ["quantity", "containers", "tare", "deduction", "moisture"];
  for (const name of names) {
    const { value, choices, wrong: unreadable } = read(String(draft[name]));
    if (choices) wrong.push({ field: name, code: "ambiguous", choices });
    else if (unreadable) wrong.push({ field: name, code: "number" });
    else found[name] = value;
  }
  return [found, wrong];
}

/**
 * Everything that is shown live. `now` is the true time; `taken` are the deliveries of this
 * telephone that stand (outbox.standing).
 */
export function weigh(draft, register, now, taken) {
  const form = register.form.get(draft.form);
  const [typed, wrong] = numbers(draft, form);
  const pieces = form?.counted === "piece";
  const state = { form, pieces, wrong, alerts: [], gross: null, tare: 0n, deduction: 0n, net: null, price: null, amount: null, premium: null, class: null, typed };
  if (!draft.who || !form) return state;
  const today = isoDay(now);
  if (typed.quantity && !/[1-9]/.test(typed.quantity)) wrong.push({ field: "quantity", code: "zero" });
  if (typed.containers && !/^\d+$/.test(typed.containers)) wrong.push({ field: "containers", code: "whole" });
  if (!pieces && typed.tare && /[1-9]/.test(typed.tare) && !typed.containers && scaled(typed.tare, 3) !== scaled(form.tare_kg || "0", 3)) wrong.push({ field: "containers", code: "containers" });
  if (pieces && typed.quantity && typed.quantity.includes(".")) wrong.push({ field: "quantity", code: "whole" });
  if (typed.deduction && /[1-9]/.test(typed.deduction) && isBlank(draft.deductionReason)) wrong.push({ field: "deductionReason", code: "why" });
  if (typed.moisture && scaled(typed.moisture, 2) > 10_000n) wrong.push({ field: "moisture", code: "percent" });
  if (!wrong.length && typed.quantity) {
    if (!pieces) {
      state.gross = grams(typed.quantity, draft.unit);
      if (typed.containers && typed.tare) state.tare = BigInt(typed.containers) * scaled(typed.tare, 3);
      state.deduction = typed.deduction ? scaled(typed.deduction, 3) : 0n;
      state.net = state.gross - state.tare - state.deduction;
      if (state.net <= 0n) wrong.push({ field: "quantity", code: "nothing_left" });
    }
    const chosen = shares(draft, register).map(({ chakra }) => chakra);
    state.class = register.classOf(draft.who.family, chosen);
    state.price = register.price(draft.form, draft.quality || register.usualQuality(draft.form), state.class, now);
    if (state.price && (pieces || state.net > 0n)) {
      const value = (price) => (pieces ? worthOfPieces(typed.quantity, price) : worth(state.net, price, state.price.unit));
      state.amount = value(state.price.price_usd);
      state.premium = value(state.price.premium_usd || "0");
    }
  }
  const parts = Object.values(draft.chakras);
  if (parts.length > 1 && parts.reduce((all, part) => all + (Number.parseInt(part, 10) || 0), 0) !== 100) wrong.push({ field: "chakras", code: "shares" });
  if (draft.harvestedOn > today) wrong.push({ field: "harvestedOn", code: "future" });
  alerts(state, draft, register, today, taken);
  return state;
}

const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

function alerts(state, draft, register, today, taken) {
  const { form, net } = state;
  if (draft.who.standing === "suspended") state.alerts.push(["alert_suspended"]);
  if (form.late_days !== null && form.late_days !== undefined && draft.harvestedOn && days(draft.harvestedOn, today) > Number(form.late_days)) {
    state.alerts.push(["alert_late", { days: days(draft.harvestedOn, today), most: Number(form.late_days) }]);
  }
  if (form.ripe_months && draft.pollinatedOn) {
    const ripe = new Date(`${draft.pollinatedOn}T12:00:00Z`);
    ripe.setUTCMonth(ripe.getUTCMonth() + Number(form.ripe_months));
    if (isoDay(ripe) > (draft.harvestedOn || today)) state.alerts.push(["alert_unripe", { months: Number(form.ripe_months) }]);
  }
  if (net === null || net <= 0n) return;
  const others = taken.filter((one) => one.id !== draft.corrects?.id && one.form === draft.form);
  for (const quota of register.quotasFor(draft.who.family, draft.form, today)) {
    const waiting = others
      .filter((one) => one.waiting && (quota.family ? one.family === quota.family : !quota.community || register.family.get(one.family)?.community === quota.community))
      .reduce((all, one) => all + one.net, 0n);
    const left = quota.limit - quota.delivered - waiting;
    if (net > left) state.alerts.push([left < 0n ? "alert_quota_passed" : "alert_quota", { kg: plainText(left < 0n ? -left : left, 3), limit: plainText(quota.limit, 3) }]);
  }
  const twin = others.find((one) => one.family === draft.who.family && one.day === today && (one.net > net ? one.net - net : net - one.net) * 50n <= (one.net > net ? one.net : net));
  if (twin) state.alerts.push(["alert_twin", { folio: twin.folio }]);
}

/** Chakras with their part of it; the only one a family has is meant without asking. */
export function shares(draft, register) {
  const all = register.chakrasOf.get(draft.who?.family) ?? [];
  if (all.length === 1) return [{ chakra: all[0].id, share: "1.00" }];
  const chosen = Object.entries(draft.chakras);
  if (chosen.length === 1) return [{ chakra: chosen[0][0], share: "1.00" }];
  return chosen.map(([chakra, percent]) => ({ chakra, share: plainText(BigInt(Number.parseInt(percent, 10) || 0), 2) }));
}

/** Equal parts for the chosen chakras, whole percents that add up to 100. */
export function split(chosen) {
  const each = Math.floor(100 / chosen.length);
  return Object.fromEntries(chosen.map((id, place) => [id, String(place ? each : 100 - each * (chosen.length - 1))]));
}

/** What is sent. Absent means unknown. */
export function payload(draft, state, register, { weighedAt, center, position }) {
  const { typed, pieces } = state;
  const told = {
    [draft.who.kind]: draft.who.id,
    product_form: draft.form,
    variety: draft.variety,
    quality: draft.quality || register.usualQuality(draft.form),
    quantity: typed.quantity,
    unit: pieces ? "piece" : draft.unit,
    containers: typed.containers ? Number(typed.containers) : null,
    tare_kg: state.tare ? plainText(state.tare, 3) : null,
    deduction_kg: state.deduction ? plainText(state.deduction, 3) : null,
    deduction_reason: state.deduction ? draft.deductionReason.trim() : null,
    moisture_percent: typed.moisture,
    harvested_on: draft.harvestedOn,
    pollinated_on: draft.pollinatedOn,
    weighed_at: weighedAt,
    center,
    chakras: shares(draft, register),
    position,
    price_line_seen: state.price?.id,
    note: draft.note.trim(),
  };
  if (draft.corrects) Object.assign(told, { supersedes: draft.corrects.id, reason: draft.reason.trim() });
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && !value.length)));
}

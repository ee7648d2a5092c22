// The day's list with its totals, and the outbox with what went wrong, in words.
import { button, day, field, h, hour, icon, message, moment, t } from "./dom.js";
import { dollars, kilos, shown } from "./decimals.js";
import { stateOf } from "./receipt.js";
import * as outbox from "./outbox.js";

// --- The day ------------------------------------------------------------------------------------------

export function dayOf(app) {
  const today = outbox.today();
  const rows = outbox.standing().filter((one) => one.day === today).reverse();
  const voids = outbox.state.items.filter((item) => item.op.entity === "delivery" && item.op.action === "void" && item.seen.day === today);
  const totals = new Map();
  for (const { item, net } of rows) {
    const sum = totals.get(item.seen.formName) ?? { kind: item.seen.kind, count: 0, net: 0n, pieces: 0n, amount: 0n, open: 0 };
    sum.count += 1;
    sum.net += net;
    if (!item.seen.gross) sum.pieces += BigInt(item.op.payload.quantity);
    if (item.seen.amount === null) sum.open += 1;
    else sum.amount += BigInt(item.seen.amount) + BigInt(item.seen.premium ?? 0);
    totals.set(item.seen.formName, sum);
  }
  return h("section", { class: "day" },
    h("h2", {}, t("day_of", { day: day(outbox.now()) })),
    h("p", { class: "muted" }, t("day_here")),
    rows.length === 0 && h("p", { class: "muted" }, t("day_empty")),
    rows.length > 0 && h("div", { class: "table-scroll" }, h("table", { class: "table totals" },
      h("thead", {}, h("tr", {}, h("th", {}, t("product")), h("th", { class: "number" }, t("net")), h("th", { class: "number" }, "USD"))),
      h("tbody", {}, [...totals].map(([name, sum]) => h("tr", {}, h("th", {}, icon(sum.kind), ` ${name}`, h("span", { class: "muted" }, ` × ${sum.count}`)),
        h("td", { class: "number" }, sum.pieces ? `${sum.pieces} ${t("unit_piece")}` : kilos(sum.net)), h("td", { class: "number" }, shown(sum.amount, 2), sum.open > 0 && "*")))))),
    [...totals.values()].some((sum) => sum.open) && h("p", { class: "muted small" }, `* ${t("without_price")}`),
    h("ul", { class: "day-list" }, rows.map(({ item }) => h("li", {},
      h("div", { class: "day-row" }, icon(item.seen.kind),
        h("div", {}, h("strong", {}, item.seen.who), h("span", { class: "muted" }, `${hour(item.seen.at)} · ${outbox.folio(item)}`), stateOf(item)),
        h("div", { class: "number" }, h("strong", {}, item.seen.netShown), h("span", { class: "muted" }, item.seen.amount === null ? t("no_price") : dollars(BigInt(item.seen.amount) + BigInt(item.seen.premium ?? 0))))),
      h("div", { class: "day-acts" },
        button(t("receipt"), () => app.go(`recibo/${item.op_id}`), { kind: "button-link" }),
        button(t("correct"), () => app.correct(item), { kind: "button-link" }),
        button(t("void"), () => app.go(`anular/${item.op_id}`), { kind: "button-link" }))))),
    voids.length > 0 && h("p", { class: "muted small" }, t("voided_today", { folios: voids.map((item) => outbox.folioOf(item.op.entity_id, item.seen.folio)).join(", ") })));
}

/** Void a delivery: named, with what follows, and why. */
export function voiding(app, root, id) {
  const item = outbox.state.items.find((one) => one.op_id === id);
  if (!item) return app.go("dia");
  const why = h("input", { type: "text", autocomplete: "off" });
  const wrong = h("p", { class: "error", role: "alert" });
  const send = async (event) => {
    event.preventDefault();
    if (!why.value.trim()) { wrong.replaceChildren(icon("error"), t("wrong_reason")); return why.focus(); }
    await outbox.add({ entity: "delivery", entityId: item.op.entity_id, action: "void", payload: { reason: why.value.trim() }, seen: { who: item.seen.who, folio: outbox.folio(item), netShown: item.seen.netShown, day: outbox.today(), at: outbox.now(), kind: item.seen.kind } });
    return app.say(t("voided", { folio: outbox.folio(item) }), "dia");
  };
  root.replaceChildren(h("form", { class: "form", onsubmit: send, novalidate: true },
    h("h1", {}, t("void_title", { folio: outbox.folio(item) })),
    h("p", {}, t("void_says", { who: item.seen.who, kg: item.seen.netShown })),
    field("why", t("reason"), why), wrong,
    h("div", { class: "form-actions" }, h("button", { type: "submit", class: "button button-danger button-main" }, t("void_do")), button(t("leave"), () => app.go("dia")))));
  why.focus();
  return null;
}

// --- The outbox -----------------------------------------------------------------------------------------

function title(item) {
  const { op, seen } = item;
  if (op.entity === "delivery") return op.action === "void" ? t("item_void", { folio: outbox.folioOf(op.entity_id, seen.folio) }) : `${op.action === "correct" ? t("item_correct") : t("item_delivery")} ${outbox.folio(item)}`;
  return t(`item_${op.entity}`);
}

function problems(item) {
  const errors = item.errors ?? [];
  const words = errors.map((error) => error.message || error.code);
  if (item.result === "conflict") words.unshift(t("result_conflict"));
  if (item.result === "held") words.unshift(t("result_held"));
  if (item.result === "rejected") words.unshift(t("result_rejected"));
  return words;
}

function line(app, item) {
  const what = [item.seen.who, item.seen.formName, item.seen.netShown, item.seen.what].filter(Boolean).join(" · ");
  return h("li", { class: `item item-${item.state}` },
    h("div", { class: "item-head" }, icon(item.seen.kind ?? (item.op.entity === "photograph" ? "photograph" : item.op.entity === "person" ? "person" : "leaf")),
      h("div", {}, h("strong", {}, title(item)), h("span", { class: "muted" }, what), h("span", { class: "muted small" }, moment(item.madeAt)), stateOf(item))),
    item.state === "attention" && h("ul", { class: "item-problems" }, problems(item).map((words) => h("li", {}, words))),
    h("div", { class: "day-acts" },
      item.op.entity === "delivery" && item.op.action !== "void" && button(t("receipt"), () => app.go(`recibo/${item.op_id}`), { kind: "button-link" }),
      item.state === "attention" && item.result === "rejected" && button(t("send_again"), () => outbox.retry(item)),
      item.state === "attention" && item.result !== "rejected" && button(t("understood"), () => outbox.settle(item))));
}

export function trouble(app) {
  const { problem, retryAt } = outbox.state;
  if (!problem) return null;
  const link = problem === "signin" && h("p", {}, h("a", { class: "button", href: app.signIn }, icon("sign-in"), ` ${t("sign_in")}`));
  const later = retryAt && retryAt > Date.now() && h("p", { class: "muted" }, t("retry_at", { time: hour(retryAt) }));
  return message(problem === "offline" ? "info" : "warning", t(`problem_${problem}`), link, later);
}

export function box(app, root) {
  const waiting = outbox.waiting();
  const troubled = outbox.troubled();
  const sent = outbox.sent().reverse();
  const part = (name, items) => items.length > 0 && h("section", {}, h("h2", {}, t(name, { count: items.length })), h("ul", { class: "items" }, items.map((item) => line(app, item))));
  root.replaceChildren(
    h("h1", {}, t("outbox")),
    h("p", { class: "lead", role: "status" }, outbox.state.sending ? t("sending") : waiting.length ? t("outbox_waits", { count: waiting.length }) : t("outbox_empty")),
    trouble(app) ?? "",
    h("div", { class: "actions" },
      button(t("send_now"), () => outbox.send({ asked: true }), { mark: "send", kind: "button-main", disabled: outbox.state.sending }),
      (waiting.length > 0 || troubled.length > 0) && button(t("export"), () => app.exportOutbox(), { mark: "download" })),
    part("part_attention", troubled) || "",
    part("part_waiting", waiting) || "",
    part("part_sent", sent) || "",
    h("p", { class: "muted small" }, t("history_says")));
}

// The receipt: on screen, on paper of 58 mm, 80 mm or A4, and as a message.
import { button, h, has, icon, message, moment, t } from "./dom.js";
import { dollars, kilos, typedAs, unitPrice } from "./decimals.js";
import { unitName } from "./form.js";
import { qr } from "./qr.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";

export const PAPERS = ["58", "80", "a4"];

export function stateOf(item) {
  const by = item.op.entity === "delivery" && item.op.action !== "void" && item.state === "sent" && outbox.endOf(item);
  if (by) return h("span", { class: "badge badge-bad" }, icon("close"), by.op.action === "void" ? t("state_voided") : t("state_corrected"));
  if (item.state === "waiting") return h("span", { class: "badge badge-waiting" }, icon("waiting"), t("state_waiting"));
  if (item.state === "attention") return h("span", { class: "badge badge-bad" }, icon("warning"), t("state_attention"));
  return h("span", { class: "badge badge-good" }, icon("good"), t("state_sent"));
}

const address = (item) => `${location.origin}/recibo/${item.op.entity_id}/`;

// The words and their order are those of the office's receipt (templates/harvests/receipt.html).
function lines(item) {
  const { seen, op } = item;
  const typed = op.payload;
  const isLess = seen.tare !== "0" || seen.deduction !== "0";
  const hasPremium = seen.amount !== null && BigInt(seen.premium ?? 0) > 0n;
  const kind = [seen.quality, seen.class && t(`class_${seen.class}`)].filter(Boolean).join(", ");
  return [
    [t("product"), [seen.product, kind].filter(Boolean).join("\n"), "wide"],
    seen.variety && [t("variety"), seen.variety],
    seen.chakras?.length && [t("from_chakras"), seen.chakras.map(({ name, share }) => (seen.chakras.length > 1 ? `${name} ${Math.round(Number(share) * 100)} %` : name)).join(", ")],
    [t("typed"), `${typedAs(typed.quantity)} ${unitName(typed.unit)}`, seen.gross ? "" : "large"],
    seen.gross && isLess && [t("gross"), kilos(BigInt(seen.gross))],
    seen.tare !== "0" && [t("tare"), `− ${kilos(BigInt(seen.tare))}`],
    seen.deduction !== "0" && [t("deducted"), `− ${kilos(BigInt(seen.deduction))}`],
    seen.deduction !== "0" && [t("why"), typed.deduction_reason, "wide"],
    seen.gross && [t("net"), seen.netShown, "large"],
    [t("price"), seen.price ? unitPrice(seen.price, unitName(seen.priceUnit ?? "kg")) : t("no_price")],
    hasPremium && [t("amount"), dollars(BigInt(seen.amount))],
    hasPremium && [t("premium"), dollars(BigInt(seen.premium))],
    seen.amount !== null && [t("total"), dollars(BigInt(seen.amount) + BigInt(seen.premium ?? 0)), "large"],
    typed.note && [t("note"), typed.note, "wide"],
  ].filter(Boolean);
}

const receivedBy = ({ seen }) => seen.agent && t("received_by", { who: [seen.agent, seen.center].filter(Boolean).join(", ") });
const replaced = (item) => item.seen.correctsFolio && t("replaces", { folio: outbox.folioOf(item.op.payload.supersedes, item.seen.correctsFolio) });

/** Why a receipt holds no more, in words: it was voided or corrected on this telephone. */
function endedBy(item) {
  const by = outbox.endOf(item);
  if (!by) return "";
  return by.op.action === "void" ? t("receipt_voided") : t("receipt_corrected", { folio: outbox.folio(by) });
}

/** The receipt itself, as it is printed. */
export function sheet(item, { copy = false } = {}) {
  return h("article", { class: "receipt" },
    h("header", {}, document.querySelector("#icons .mark").cloneNode(true), h("div", {}, h("strong", {}, "Kallari"), h("span", {}, t("association")))),
    copy && h("p", { class: "receipt-copy" }, t("copy")),
    endedBy(item) && h("p", { class: "receipt-ended" }, endedBy(item)),
    h("h1", {}, t("receipt_of")),
    h("p", { class: "receipt-folio" }, outbox.folio(item), !item.folio && h("span", {}, t("provisional"))),
    replaced(item) && h("p", {}, replaced(item)),
    h("p", {}, moment(item.seen.at)),
    h("p", { class: "receipt-who" }, h("span", {}, t("hands_in")), h("strong", {}, item.seen.who), h("span", {}, item.seen.whoLine)),
    h("dl", {}, lines(item).map(([name, value, kind = ""]) => h("div", { class: kind }, h("dt", {}, name), h("dd", {}, value)))),
    receivedBy(item) && h("p", {}, receivedBy(item)),
    h("div", { class: "receipt-foot" }, qr(address(item)), h("p", {}, t("qr_says"))),
    has("greeting_kichwa") && h("p", { class: "receipt-greeting", lang: "qu" }, t("greeting_kichwa")));
}

const text = (item) => [
  endedBy(item), `Kallari · ${t("receipt_of")}`, outbox.folio(item), replaced(item), moment(item.seen.at), `${t("hands_in")}: ${item.seen.who}`,
  ...lines(item).map(([name, value]) => `${name}: ${value.replace("\n", ", ")}`), receivedBy(item), address(item)].filter(Boolean).join("\n");

/** Print on the paper that was chosen; what was printed before is marked as a copy. */
export async function print(app, item) {
  const paper = app.kept.paper ?? "80";
  const copy = Boolean(item.printedAt);
  const page = document.querySelector("#sheet");
  page.replaceChildren(sheet(item, { copy }));
  document.body.className = `print-receipt print-${paper}`;
  const rules = new CSSStyleSheet();
  const tall = paper === "a4" ? 0 : Math.ceil(page.firstElementChild.getBoundingClientRect().height / (96 / 25.4)) + 8;
  rules.replaceSync(paper === "a4" ? "@page { size: A4; margin: 16mm; }" : `@page { size: ${paper}mm ${tall}mm; margin: 2mm; @bottom-right { content: none; } }`);
  document.adoptedStyleSheets = [rules];
  window.print();
  document.body.className = "";
  document.adoptedStyleSheets = [];
  page.replaceChildren();
  if (!copy) {
    item.printedAt = Date.now();
    await store.write(["outbox"], async ({ outbox: box }, answer) => {
      const kept = await answer(box.get(item.op_id));
      if (kept) box.put({ ...kept, printedAt: item.printedAt });
    });
  }
}

/** The screen of one receipt. */
export function receipt(app, root, id) {
  const item = outbox.state.items.find((one) => one.op_id === id);
  if (!item) return root.replaceChildren(message("warning", t("receipt_gone")));
  const shareText = async () => {
    if (navigator.share) await navigator.share({ text: text(item) }).catch(() => null);
    else {
      await navigator.clipboard?.writeText(text(item));
      app.say(t("copied"));
    }
  };
  root.replaceChildren(
    h("div", { class: "receipt-screen" },
      h("p", { class: "receipt-state", role: "status" }, stateOf(item), item.state === "attention" && h("span", { class: "muted" }, ` ${t("see_outbox")}`)),
      sheet(item, { copy: false }),
      h("div", { class: "receipt-actions" },
        button(t("next"), () => app.go(""), { mark: "add", kind: "button-main" }),
        h("div", { class: "actions" },
          button(item.printedAt ? t("print_copy") : t("print"), () => print(app, item).then(() => app.render()), { mark: "print" }),
          button(navigator.share ? t("share") : t("copy_text"), shareText, { mark: "external" })),
        h("div", { class: "field" }, h("label", { for: "paper-size" }, t("paper")),
          h("select", { id: "paper-size", onchange: (event) => app.keep("paper", event.target.value) },
            PAPERS.map((paper) => h("option", { value: paper, selected: paper === (app.kept.paper ?? "80") }, t(`paper_${paper}`))))))));
  return null;
}

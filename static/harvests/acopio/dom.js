// Elements and words.
let texts = {};
let spoken = "es";
export const language = () => spoken;

export async function loadTexts(wanted) {
  const answered = await fetch(`textos/${wanted}.json`);
  if (!answered.ok) throw new Error(`textos ${answered.status}`);
  texts = await answered.json();
  spoken = wanted;
  document.documentElement.lang = wanted;
}

/** The text of a name, with %(placeholders)s filled. */
export function t(name, values = {}) {
  return (texts[name] ?? name).replace(/%\((\w+)\)s/g, (_, key) => values[key] ?? "");
}
export const has = (name) => Boolean(texts[name]);

export function icon(name) {
  const found = document.querySelector(`#icons [data-icon="${name}"] > svg`);
  return (found ?? document.querySelector('#icons [data-icon="other"] > svg')).cloneNode(true);
}

/** An element: properties, `on…` listeners, data-… and aria-… attributes, children. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const button = (words, act, { mark, kind = "", ...more } = {}) =>
  h("button", { type: "button", class: `button ${kind}`.trim(), onclick: act, ...more }, mark && icon(mark), ` ${words}`);

export function message(kind, words, ...more) {
  const marks = { success: "good", warning: "warning", error: "error", info: "info" };
  return h("div", { class: `message message-${kind}` }, icon(marks[kind]), h("div", {}, h("p", {}, words), ...more));
}

/** Ask before something is lost; Escape is no. What had the focus gets it back. */
export function ask(words, { yes, no, act }) {
  const box = h("dialog", { class: "ask", "aria-labelledby": "ask-words", onclose: () => box.remove() },
    h("p", { id: "ask-words" }, words),
    h("div", { class: "actions" },
      button(no, () => box.close(), { kind: "button-main", autofocus: true }),
      button(yes, () => { box.close(); act(); }, { kind: "button-danger" })));
  document.body.append(box);
  box.showModal();
}

/** A labelled field; `control` gets the id. */
export function field(id, label, control, { help, error, optional } = {}) {
  control.id = id;
  if (error) {
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", `${id}-error`);
  }
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label, optional && h("span", { class: "field-optional" }, ` (${t("optional")})`)),
    help && h("p", { class: "help" }, help),
    error && h("p", { class: "error", id: `${id}-error` }, error),
    control,
  );
}

/** Large choices of which one holds: radio buttons drawn as keys. */
export function picks(name, label, options, chosen, onchange, { kind = "", optional } = {}) {
  return h(
    "fieldset",
    { class: `picks ${kind}`.trim() },
    h("legend", {}, label, optional && h("span", { class: "field-optional" }, ` (${t("optional")})`)),
    h(
      "div",
      { class: "picks-row" },
      options.map(([value, words, mark]) => {
        const box = h("input", { type: "radio", name, value, onchange: () => onchange(value) });
        box.checked = value === chosen;
        return h("label", { class: "pick" }, box, mark && icon(mark), h("span", {}, words));
      }),
    ),
  );
}

export const isWide = () => matchMedia("(min-width: 60rem)").matches;
export const isTouch = () => matchMedia("(pointer: coarse)").matches;

const LOCALES = { es: "es-EC", en: "en-GB", qu: "es-EC" };
const ZONE = "America/Guayaquil";
export const day = (instant) => new Date(instant).toLocaleDateString(LOCALES[spoken], { timeZone: ZONE, day: "numeric", month: "long", year: "numeric" });
export const moment = (instant) => new Date(instant).toLocaleString(LOCALES[spoken], { timeZone: ZONE, day: "2-digit", month: spoken === "en" ? "short" : "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
export const hour = (instant) => new Date(instant).toLocaleTimeString(LOCALES[spoken], { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hour12: false });
/** The day of an instant in Ecuador, as 2026-11-26. */
export const isoDay = (instant) => new Date(instant).toLocaleDateString("sv-SE", { timeZone: ZONE });

// Who delivers: by card, by number, by name in any spelling, or down the list of a community.
import { button, h, icon, isTouch, message, t } from "./dom.js";
import { searchKey } from "./spelling.js";
import { familyCode, looksLikeCard, readCard } from "./codes.js";

const MOST = 30;

export function whoLine(one) {
  const number = one.kind === "partner" && (one.number ? t("partner_number", { number: one.number }) : t("partner_without_number"));
  const family = one.kind === "partner" && one.familyName && !searchKey(one.name).startsWith(searchKey(one.familyName)) ? `${t("family")} ${one.familyName}` : null;
  return [number, one.familyNumber && familyCode(one.familyNumber), family, one.communityName].filter(Boolean).join(" · ");
}

export const standing = (one) =>
  one.standing === "suspended"
    ? h("span", { class: "badge badge-bad" }, icon("warning"), t("suspended"))
    : one.standing === "applicant" && h("span", { class: "badge" }, t("applicant"));

/** The panel that finds; `onpick` is called with who was found. */
export function finder(register, onpick, { label = t("who"), help = t("who_help") } = {}) {
  const list = h("div", { class: "found", id: "found", role: "listbox", "aria-label": t("found") });
  const says = h("div", { class: "found-says", role: "status" });
  const camera = h("div", { class: "camera" });
  let shownPeople = [];
  let active = -1; // whom Enter chooses: the only one, or at whom an arrow or a first Enter points
  let community = null;

  const input = h("input", {
    type: "text", id: "who", class: "who", autocomplete: "off", autocapitalize: "words", spellcheck: "false", enterkeyhint: "search",
    role: "combobox", "aria-expanded": "true", "aria-controls": "found", "aria-autocomplete": "list",
    oninput: () => { community = null; show(); },
    onkeydown: (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        active = Math.min(Math.max(active + (event.key === "ArrowDown" ? 1 : -1), 0), shownPeople.length - 1);
        mark();
      } else if (event.key === "Enter") {
        // Of several, whoever comes first may be somebody else: the first Enter points at them, a
        // second says that they are meant.
        if (shownPeople[active]) onpick(shownPeople[active]);
        else if (shownPeople.length) {
          active = 0;
          mark();
        }
      } else if (event.key === "Escape") {
        input.value = "";
        community = null;
        show();
      } else return;
      event.preventDefault();
    },
  });

  function option(one, place) {
    return h(
      "button",
      { type: "button", class: "found-one", role: "option", id: `found-${place}`, tabindex: "-1", onclick: () => onpick(one) },
      icon(one.kind === "partner" ? "person" : "people"),
      h("span", {}, h("strong", {}, one.name), " ", standing(one), h("span", { class: "muted" }, whoLine(one))),
    );
  }

  function mark() {
    [...list.children].forEach((child, place) => child.setAttribute("aria-selected", String(place === active)));
    input.setAttribute("aria-activedescendant", shownPeople[active] ? `found-${active}` : "");
    list.children[active]?.scrollIntoView({ block: "nearest" });
  }

  function people(found, words) {
    shownPeople = found.slice(0, community === null ? MOST : found.length);
    list.setAttribute("role", "listbox");
    list.replaceChildren(...shownPeople.map(option));
    active = shownPeople.length === 1 ? 0 : -1;
    says.replaceChildren(h("p", { class: "muted" }, words, found.length > shownPeople.length ? ` ${t("found_more", { count: found.length - shownPeople.length })}` : ""));
    mark();
  }

  function show() {
    const typed = input.value.trim();
    if (typed) {
      const found = register.search(typed);
      if (found.length) return people(found, found.length === 1 ? t("found_one") : t("found_many", { count: found.length }));
      shownPeople = [];
      list.replaceChildren();
      const words = readCard(typed) ? t("card_unknown") : looksLikeCard(typed) ? t("card_misread") : t("found_none");
      return says.replaceChildren(message("warning", words));
    }
    if (community !== null) {
      people(register.livesIn.get(community.id) ?? [], "");
      return says.replaceChildren(button(t("all_communities"), () => { community = null; show(); input.focus(); }, { mark: "back", kind: "button-link" }), h("strong", {}, ` ${community.name}`));
    }
    shownPeople = [];
    says.replaceChildren(h("h2", {}, t("by_community")));
    list.setAttribute("role", "list");
    return list.replaceChildren(
      ...register.communities.filter((one) => register.livesIn.has(one.id)).map((one) =>
        h("button", { type: "button", class: "found-one found-community", onclick: () => { community = one; show(); scrollTo(0, 0); if (!isTouch()) input.focus({ preventScroll: true }); } },
          icon("community"), h("span", {}, h("strong", {}, one.name), h("span", { class: "muted" }, t("people_count", { count: register.livesIn.get(one.id).length }))))),
    );
  }

  async function scan() {
    camera.replaceChildren(h("p", { class: "muted" }, t("camera_starting")));
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      return camera.replaceChildren(message("warning", t("camera_refused")));
    }
    const video = h("video", { playsinline: true, muted: true, class: "camera-view", "aria-label": t("camera_help") });
    const end = () => {
      for (const track of stream.getTracks()) track.stop();
      camera.replaceChildren();
    };
    video.srcObject = stream;
    camera.replaceChildren(video, h("p", {}, t("camera_help")), button(t("close"), end, { mark: "close" }));
    await video.play();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    while (stream.active && camera.isConnected) {
      const codes = await detector.detect(video).catch(() => []);
      const text = codes[0]?.rawValue;
      if (text) {
        navigator.vibrate?.(60);
        end();
        const found = readCard(text) ? register.search(text) : [];
        if (found.length) return onpick(found[0]);
        input.value = text;
        return show();
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return end();
  }

  const panel = h(
    "section",
    { class: "finder" },
    h("div", { class: "field" }, h("label", { for: "who" }, label), h("p", { class: "help" }, help),
      h("div", { class: "who-row" }, input, "BarcodeDetector" in window && button(t("card"), scan, { mark: "card", "aria-label": t("read_card") }))),
    camera,
    says,
    list,
  );
  show();
  return { panel, focus: () => input.focus({ preventScroll: true }) };
}

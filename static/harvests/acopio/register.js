// The register that is carried along: kept as `pull` gave it, looked up in memory.
import * as store from "./store.js";
import { soundKey, searchKey, searchWords } from "./spelling.js";
import { readCard, readNumber } from "./codes.js";
import { scaled } from "./decimals.js";

const TABLES = ["communities", "families", "partners", "chakras", "products", "forms", "varieties", "qualities", "centers", "prices", "quotas"];
const SHORT = new Set(["communities", "products", "forms", "varieties", "qualities", "centers", "prices", "quotas"]);
const CLASSES = ["organic", "transition", "conventional"];

/** Keep what `pull` answered: the whole, or what changed since. */
export async function keepPulled(answered) {
  await store.write(["tables", "kept"], async ({ tables, kept }, answer) => {
    if (answered.full) tables.clear();
    for (const [name, fresh] of Object.entries(answered.tables)) {
      const former = answered.full || SHORT.has(name) ? undefined : await answer(tables.get(name));
      const rows = new Map((former?.rows ?? []).map((row) => [row[0], row]));
      for (const row of fresh.rows) rows.set(row[0], row);
      tables.put({ fields: fresh.fields, rows: [...rows.values()] }, name);
    }
    for (const [name, gone] of Object.entries(answered.gone ?? {})) {
      if (!gone.length) continue;
      const table = await answer(tables.get(name));
      if (table) tables.put({ ...table, rows: table.rows.filter((row) => !gone.includes(row[0])) }, name);
    }
    kept.put(answered.version, "version");
    kept.put(answered.server_time, "pulled_at");
  });
}

const group = (rows, by) => rows.reduce((all, row) => all.set(row[by], [...(all.get(row[by]) ?? []), row]), new Map());
const index = (rows) => new Map(rows.map((row) => [row.id ?? row.code, row]));
const byName = (one, other) => (one.sort < other.sort ? -1 : one.sort > other.sort ? 1 : 0);

export async function load() {
  const found = {};
  for (const name of TABLES) {
    const table = await store.get("tables", name);
    found[name] = (table?.rows ?? []).map((row) => Object.fromEntries(table.fields.map((field, place) => [field, row[place]])));
  }
  return new Register(found);
}

export class Register {
  constructor(tables) {
    Object.assign(this, tables);
    this.community = index(this.communities);
    this.family = index(this.families);
    const numbered = new Map(this.families.map((family) => [family.number, family.id]));
    for (const row of [...this.partners, ...this.chakras]) row.family = numbered.get(row.family);
    this.form = index(this.forms);
    this.product = index(this.products);
    this.quality = index(this.qualities);
    this.variety = index(this.varieties);
    this.chakrasOf = group(this.chakras, "family");
    const partnersOf = group(this.partners.filter((one) => one.standing !== "applicant"), "family");
    this.people = [
      ...this.partners.map((partner) => this.#who("partner", partner, this.family.get(partner.family))),
      ...this.families.filter((family) => !partnersOf.has(family.id)).map((family) => this.#who("family", family, family)),
    ].sort(byName);
    this.byCard = new Map(this.people.filter((one) => one.card).map((one) => [one.card, one]));
    for (const community of this.communities) community.sort = searchKey(community.name);
    this.communities.sort(byName);
    this.livesIn = group(this.people, "community");
  }

  get isEmpty() {
    return !this.forms.length;
  }

  #who(kind, row, family) {
    const community = this.community.get(family?.community);
    const people = kind === "family" ? (row.people ?? []) : [];
    return {
      kind,
      id: row.id,
      number: row.number,
      name: kind === "family" && people.length ? people.join(", ") : row.name,
      family: family?.id,
      familyName: family?.name ?? "",
      familyNumber: family?.number,
      community: community?.id,
      communityName: community?.name ?? "",
      standing: row.standing ?? "",
      card: row.card || "",
      sort: searchKey(kind === "family" && people.length ? people[0] : row.name),
      sounds: [row.name, ...people].map(soundKey).join("|"),
      around: [family?.name ?? "", community?.name ?? "", ...spellings(community)].map(soundKey).join("|"),
    };
  }

  /** A partner or family of an outbox item, however the register changed since. */
  find(kind, id) {
    return this.people.find((one) => one.kind === kind && one.id === id) ?? this.ofFamily(id);
  }

  ofFamily(id) {
    const family = this.family.get(id);
    return family && this.#who("family", family, family);
  }

  /** Who is meant by a card, a number or a name in any spelling; the likeliest first. */
  search(typed) {
    const card = readCard(typed);
    if (card) return this.byCard.has(card) ? [this.byCard.get(card)] : [];
    const told = readNumber(typed);
    if (told) {
      const partners = told.of === "family" ? [] : this.people.filter((one) => one.kind === "partner" && one.number === told.number);
      const families = told.of === "partner" ? [] : this.people.filter((one) => one.familyNumber === told.number && !partners.includes(one));
      return [...partners, ...families];
    }
    const words = searchWords(typed);
    if (!words.length) return [];
    const key = searchKey(typed);
    const rank = (one) => {
      if (words.every((word) => one.sounds.includes(word))) return one.sort.startsWith(key) ? 0 : 1;
      return words.every((word) => one.sounds.includes(word) || one.around.includes(word)) ? 2 : 3;
    };
    return this.people.map((one) => [rank(one), one]).filter(([place]) => place < 3)
      .sort(([one, first], [other, second]) => one - other || byName(first, second)).map(([, one]) => one);
  }

  qualitiesOf(form) {
    return this.qualities.filter((one) => one.form === form);
  }

  varietiesOf(form) {
    return this.varieties.filter((one) => one.product === this.form.get(form)?.product);
  }

  /** The usual quality of a form. */
  usualQuality(form) {
    const all = this.qualitiesOf(form);
    return (all.find((one) => one.is_default) ?? all[0])?.code ?? "";
  }

  /** The weakest class of the chakras it comes from; of all the family's, where none is told. */
  classOf(family, chosen) {
    const all = this.chakrasOf.get(family) ?? [];
    const told = chosen.length ? all.filter((one) => chosen.includes(one.id)) : all;
    if (!told.length) return "conventional";
    return CLASSES[Math.max(...told.map((one) => Math.max(CLASSES.indexOf(one.class), 0)))];
  }

  /** The price in force at an instant: the newest of the strongest class not above the delivery's. */
  price(form, quality, ofClass, instant) {
    for (const each of CLASSES.slice(CLASSES.indexOf(ofClass))) {
      const lines = this.prices.filter((one) => one.form === form && one.quality === quality && one.class === each && Date.parse(one.valid_from) <= instant);
      if (lines.length) return lines.reduce((newest, one) => (Date.parse(one.valid_from) > Date.parse(newest.valid_from) ? one : newest));
    }
    return null;
  }

  /** Quotas that a family's delivery of a day counts against. */
  quotasFor(family, form, day) {
    const community = this.family.get(family)?.community;
    return this.quotas
      .filter((one) => one.form === form && one.starts_on <= day && one.ends_on >= day && (one.family ? one.family === family : !one.community || one.community === community))
      .map((one) => ({ ...one, limit: scaled(one.limit_kg, 3), delivered: scaled(one.delivered_kg ?? "0", 3) }));
  }
}

function spellings(community) {
  const all = community?.spellings ?? [];
  return Array.isArray(all) ? all : String(all).split(/[;,|]/);
}

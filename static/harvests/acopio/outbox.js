// What waits to be sent, and what was. Nothing leaves it before the server's result for it.
import * as store from "./store.js";
import { keepPulled } from "./register.js";
import { isoDay } from "./dom.js";
import { shortDevice } from "./codes.js";

const SCHEMA = 1;
const MOST = 100; // operations at once
const MOST_BYTES = 3_500_000; // of 5 MB that the server takes
const PUSH_SECONDS = 60;
const HELLO_SECONDS = 20;
const KEEP_DAYS = 30;
const CLOCK_MINUTES = 2;
const API = "/api/v1/sync/";

const channel = new BroadcastChannel("kallari-acopio");
const listeners = new Set();
export const state = { sending: false, problem: null, retryAt: null, offset: 0, offsetKnown: false, heard: 0, user: null, device: null, deviceState: "", items: [], pulled: null };
let failures = 0;
let timer = null;
let csrf = "";

export const onChange = (listener) => listeners.add(listener);
function tell(what, { others = true } = {}) {
  for (const listener of listeners) listener(what);
  if (others) channel.postMessage(what);
}
channel.onmessage = async ({ data }) => {
  await refresh();
  tell(data, { others: false });
};

export const now = () => Date.now() + state.offset;
export const clockIsWrong = () => Math.abs(state.offset) > CLOCK_MINUTES * 60_000;
export const folio = (item) => item.folio ?? `P-${shortDevice(item.op.device_id)}-${item.op.device_seq}`;

/** The folio of another delivery of this telephone, as it is known by now. */
export function folioOf(entityId, known) {
  const item = state.items.find((one) => one.op.entity_id === entityId && one.op.action !== "void");
  return item ? folio(item) : known;
}

async function refresh() {
  state.items = (await store.all("outbox")).sort((one, other) => one.op.device_seq - other.op.device_seq);
  state.offset = (await store.get("kept", "offset")) ?? 0;
  state.heard = (await store.get("kept", "heard")) ?? 0;
  state.user = (await store.get("kept", "user")) ?? null;
  state.pulled = (await store.get("kept", "pulled_at")) ?? null;
}

export async function start() {
  state.device = await store.write(["kept"], async ({ kept }, answer) => {
    const known = await answer(kept.get("device"));
    if (known) return known;
    const made = crypto.randomUUID?.() ?? uuid();
    kept.put(made, "device");
    return made;
  });
  await prune();
  await refresh();
}

/** A random UUID where the page has no secure context. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** An instant as this telephone's clock shows it, with its offset. */
export function clock(instant = Date.now()) {
  const minutes = -new Date(instant).getTimezoneOffset();
  const part = (number) => String(number).padStart(2, "0");
  const away = `${minutes < 0 ? "-" : "+"}${part(Math.floor(Math.abs(minutes) / 60))}:${part(Math.abs(minutes) % 60)}`;
  return new Date(instant + minutes * 60_000).toISOString().slice(0, 19) + away;
}

/** Keep an operation. It is on the disk when this answers. */
export async function add({ entity, entityId, action, payload, seen, photograph }) {
  const item = await store.write(["outbox", "kept", "photographs"], async (stores, answer) => {
    const sequence = ((await answer(stores.kept.get("sequence"))) ?? 0) + 1;
    stores.kept.put(sequence, "sequence");
    const made = {
      op_id: uuid(),
      state: "waiting",
      madeAt: Date.now(),
      heard: state.heard,
      seen,
      op: {
        op_id: "",
        entity,
        entity_id: entityId,
        action,
        schema: SCHEMA,
        device_id: state.device,
        device_seq: sequence,
        recorded_at: clock(),
        clock_offset_ms: state.offset,
        payload,
      },
    };
    made.op.op_id = made.op_id;
    stores.outbox.add(made);
    if (photograph) stores.photographs.put(photograph, made.op_id);
    return made;
  });
  await refresh();
  tell("outbox");
  send();
  return item;
}

export const waiting = () => state.items.filter((item) => item.state === "waiting");
export const troubled = () => state.items.filter((item) => item.state === "attention");
export const sent = () => state.items.filter((item) => item.state === "sent");

/** Deliveries of this telephone that stand: neither replaced nor voided. */
export function standing() {
  const deliveries = state.items.filter((item) => item.op.entity === "delivery");
  const ended = new Set(deliveries.map((item) => (item.op.action === "void" ? item.op.entity_id : item.op.payload.supersedes)).filter(Boolean));
  return deliveries
    .filter((item) => item.op.action !== "void" && !ended.has(item.op.entity_id) && item.result !== "rejected" && item.result !== "conflict")
    .map((item) => ({
      item,
      id: item.op.entity_id,
      folio: folio(item),
      family: item.seen.family,
      form: item.op.payload.product_form,
      day: item.seen.day,
      net: BigInt(item.seen.net ?? 0),
      waiting: item.state === "waiting",
    }));
}

/** What ended a delivery of this telephone, a voiding or a correction; undefined while it stands. */
export const endOf = (item) => state.items.find(({ op, result }) => op.entity === "delivery" && result !== "rejected" && (op.action === "void" ? op.entity_id : op.payload.supersedes) === item.op.entity_id && op !== item.op);

// --- Sending --------------------------------------------------------------------------------------

class Trouble extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

async function ask(path, seconds, options = {}) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), seconds * 1000);
  try {
    const answered = await fetch(API + path, { credentials: "same-origin", cache: "no-store", redirect: "error", signal: stop.signal, ...options, headers: { Accept: "application/json", ...options.headers } });
    if (answered.status === 401) throw new Trouble("signin");
    if (answered.status === 403) throw new Trouble("forbidden");
    if (answered.status === 404) throw new Trouble("not_allowed");
    if (answered.status === 413) throw new Trouble("too_large");
    if (!answered.ok) throw new Trouble("server");
    return await answered.json();
  } catch (error) {
    throw error instanceof Trouble ? error : new Trouble(navigator.onLine ? "line" : "offline");
  } finally {
    clearTimeout(late);
  }
}

async function hello() {
  const before = Date.now();
  const said = await ask(`hello/?device=${state.device}`, HELLO_SECONDS);
  const after = Date.now();
  csrf = said.csrf_token;
  state.offset = Math.round(Date.parse(said.server_time) - (before + after) / 2);
  state.offsetKnown = true;
  state.heard = Date.parse(said.server_time);
  state.deviceState = said.device?.state ?? "";
  state.user = said.user;
  await store.write(["kept"], async ({ kept }, answer) => {
    kept.put(state.offset, "offset");
    kept.put(state.heard, "heard");
    kept.put(said.user, "user");
    // A telephone that lost its storage goes on counting where the server saw it last.
    const sequence = (await answer(kept.get("sequence"))) ?? 0;
    if ((said.device?.last_seq ?? 0) > sequence) kept.put(said.device.last_seq, "sequence");
  });
  if (said.oldest_schema > SCHEMA) throw new Trouble("old");
  if (!said.user.may_receive) throw new Trouble("not_allowed");
}

async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let start = 0; start < bytes.length; start += 32_768) text += String.fromCharCode(...bytes.subarray(start, start + 32_768));
  return btoa(text);
}

/** An operation as it is sent. */
async function whole(item) {
  const photograph = item.op.entity === "photograph" ? await store.get("photographs", item.op_id) : null;
  // Measured before it was written down, or now: whichever puts it between the last word of the
  // server before it and now. A clock may jump in between, or be mended.
  const told = Date.parse(item.op.recorded_at);
  const fits = (offset) => told + offset >= (item.heard ?? 0) - CLOCK_MINUTES * 60_000 && told + offset <= now() + CLOCK_MINUTES * 60_000;
  const measured = item.op.clock_offset_ms;
  const offset = fits(measured) || !fits(state.offset) ? measured : state.offset;
  const payload = photograph ? { ...item.op.payload, jpeg: await base64(photograph) } : item.op.payload;
  return { ...item.op, clock_offset_ms: offset, payload };
}

async function batchOf(items, most) {
  const operations = [];
  let bytes = 0;
  for (const item of items.slice(0, most)) {
    const operation = await whole(item);
    bytes += JSON.stringify(operation).length;
    if (operations.length && bytes > MOST_BYTES) break;
    operations.push(operation);
  }
  return operations;
}

async function acknowledge(results) {
  await store.write(["outbox", "photographs"], async ({ outbox, photographs }, answer) => {
    for (const result of results) {
      const item = await answer(outbox.get(result.op_id));
      if (!item || item.state !== "waiting") continue;
      const good = result.result === "created" || result.result === "duplicate";
      // Of a person that is on record nothing stays on the telephone.
      const op = good && item.op.entity === "person" ? { ...item.op, payload: {} } : item.op;
      outbox.put({ ...item, op, state: good ? "sent" : "attention", result: result.result, folio: result.folio ?? undefined, errors: result.errors ?? [], answeredAt: Date.now() });
      if (result.result !== "rejected") photographs.delete(item.op_id);
    }
  });
  await refresh();
  tell("outbox");
}

async function push() {
  let most = MOST;
  for (let items = waiting(); items.length; items = waiting()) {
    const operations = await batchOf(items, most);
    let answered;
    try {
      answered = await ask("push/", PUSH_SECONDS, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
        body: JSON.stringify({ operations }),
      });
    } catch (error) {
      if (error.code !== "too_large" || operations.length === 1) throw error;
      most = Math.ceil(operations.length / 2);
      continue;
    }
    const asked = new Set(operations.map((operation) => operation.op_id));
    const results = (answered.results ?? []).filter((result) => asked.has(result.op_id) && result.result);
    if (!results.length) throw new Trouble("server");
    await acknowledge(results);
  }
}

async function pull() {
  const version = await store.get("kept", "version");
  const answered = await ask(`pull/${version ? `?since=${encodeURIComponent(version)}` : ""}`, PUSH_SECONDS);
  await keepPulled(answered);
  await refresh();
  tell("register");
}

function again(code) {
  state.problem = code;
  failures += 1;
  // Seconds: 5, 10, 20 … 10 minutes, each a little by chance, so that not all telephones ask at once.
  const most = Math.min(5_000 * 2 ** (failures - 1), 600_000);
  const wait = most / 2 + (Math.random() * most) / 2;
  clearTimeout(timer);
  state.retryAt = null;
  if (code === "signin" || code === "old" || code === "not_allowed") return; // somebody has to act
  state.retryAt = Date.now() + wait;
  timer = setTimeout(() => send(), wait);
}

/** Send what waits and fetch what changed. One tab does it; the others hear of it. */
export async function send({ asked = false } = {}) {
  if (!asked && (timer && state.retryAt > Date.now())) return;
  const turn = async (lock) => {
    if (!lock) return;
    state.sending = true;
    tell("sending", { others: false });
    try {
      await refresh();
      await hello();
      await push();
      await pull();
      state.problem = null;
      failures = 0;
      clearTimeout(timer);
      state.retryAt = null;
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      again(error.code);
    } finally {
      state.sending = false;
      tell("sending", { others: false });
    }
  };
  if (navigator.locks) await navigator.locks.request("kallari-acopio-send", { ifAvailable: true }, turn);
  else if (!state.sending) await turn(true);
  if (!state.problem && waiting().length && !state.sending) setTimeout(() => send(), 1_000); // added meanwhile, or another tab is at it
}

// --- Later ------------------------------------------------------------------------------------------

/** Somebody read what was wrong: it stays as history. */
export async function settle(item) {
  await store.put("outbox", { ...item, state: "sent" });
  await refresh();
  tell("outbox");
}

/** Send once more what the server could not read. */
export async function retry(item) {
  await store.put("outbox", { ...item, state: "waiting", result: undefined, errors: [] });
  await refresh();
  tell("outbox");
  send({ asked: true });
}

async function prune() {
  const oldest = Date.now() - KEEP_DAYS * 86_400_000;
  const items = await store.all("outbox");
  const old = items.filter((item) => item.state === "sent" && item.answeredAt < oldest);
  if (old.length) await store.write(["outbox"], ({ outbox }) => old.forEach((item) => outbox.delete(item.op_id)));
}

/** Everything unsent as a file for the office. */
export async function exported() {
  const operations = [];
  for (const item of [...waiting(), ...troubled()]) operations.push(await whole(item));
  return { kallari_outbox: 1, device_id: state.device, exported_at: clock(), operations };
}

export const today = () => isoDay(now());

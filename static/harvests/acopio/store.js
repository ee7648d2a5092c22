// What this telephone keeps (IndexedDB). Each step leads from one version of the schema to the
// next; the two newest stay, so that an app opened after months keeps what waits in it.
const NAME = "kallari-acopio";

const STEPS = [
  (db) => {
    db.createObjectStore("kept"); // settings and the state of the register, by name
    db.createObjectStore("tables"); // the register: {fields, rows} by the table's name
    db.createObjectStore("outbox", { keyPath: "op_id" }); // operations, waiting and sent
  },
  // Photographs and walks apart: a list of what waits does not load megabytes.
  (db, act) => {
    const photographs = db.createObjectStore("photographs"); // JPEG by op_id
    db.createObjectStore("walks"); // positions of a boundary under way, by chakra or family
    act.objectStore("outbox").openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      const { photograph, ...item } = cursor.value;
      if (photograph) {
        photographs.put(photograph, item.op_id);
        cursor.update(item);
      }
      cursor.continue();
    };
  },
];
export const VERSION = STEPS.length;

let database;

export function open(onOlder) {
  database = new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const step of STEPS.slice(oldVersion)) step(request.result, request.transaction);
    };
    request.onblocked = onOlder;
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      request.result.onversionchange = () => {
        request.result.close();
        onOlder();
      };
      resolve(request.result);
    };
  });
  return database;
}

const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export async function get(store, key) {
  return answer((await database).transaction(store).objectStore(store).get(key));
}

export async function all(store) {
  return answer((await database).transaction(store).objectStore(store).getAll());
}

export async function keys(store) {
  return answer((await database).transaction(store).objectStore(store).getAllKeys());
}

/** Write in one transaction: all of it is kept, on the disk, or none. */
export async function write(stores, act) {
  const transaction = (await database).transaction(stores, "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
  const result = await act(Object.fromEntries(stores.map((name) => [name, transaction.objectStore(name)])), answer);
  await done;
  return result;
}

export const put = (store, value, key) => write([store], (stores) => void stores[store].put(value, key));
export const remove = (store, key) => write([store], (stores) => void stores[store].delete(key));

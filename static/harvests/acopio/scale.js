// A scale on a serial or USB line, where the browser can speak to one. Most scales send one line
// a second or on request: "ST,GS,+  46.95 kg", "  46.95kg", "46.95".
let port = null;
let line = "";
let newest = null;

export const canConnect = () => "serial" in navigator;
export const isConnected = () => port !== null;

/** Kilos as text in what a scale sent; null for what is no stable weight. */
export function kilosIn(text) {
  if (/\b(US|OL|UL)\b/.test(text)) return null; // unstable, overload, underload
  const found = /([+-]?)\s*(\d+(?:[.,]\d+)?)\s*(kg|g|lb)?/i.exec(text);
  if (!found || found[1] === "-") return null;
  const number = found[2].replace(",", ".");
  const unit = (found[3] ?? "kg").toLowerCase();
  return unit === "kg" ? number : null;
}

export async function connect(baudRate = 9600) {
  port = await navigator.serial.requestPort();
  await port.open({ baudRate });
  listen(port.readable.pipeThrough(new TextDecoderStream()).getReader());
}

async function listen(reader) {
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const lines = (line + value).split(/[\r\n]+/);
      line = lines.pop();
      for (const text of lines) newest = { kg: kilosIn(text) ?? newest?.kg ?? null, at: Date.now() };
    }
  } catch {
    newest = null;
  }
  port = null;
}

/** What the scale says now, in kilos. */
export async function read() {
  for (let tries = 0; tries < 20; tries += 1) {
    if (newest?.kg && Date.now() - newest.at < 1_500) return newest.kg;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}

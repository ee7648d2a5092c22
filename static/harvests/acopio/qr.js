// A QR code drawn on the telephone: byte mode, versions 1 to 6, error correction M (ISO/IEC 18004).
// tests/browser/test_acopio.py compares its modules with segno's.
const BLOCKS = [null, [1, 16, 10], [1, 28, 16], [1, 44, 26], [2, 32, 18], [2, 43, 24], [4, 27, 16]];
const MASKS = [
  (r, c) => (r + c) % 2,
  (r) => r % 2,
  (r, c) => c % 3,
  (r, c) => (r + c) % 3,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2,
  (r, c) => ((r * c) % 2) + ((r * c) % 3),
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2,
];
const EXP = [];
const LOG = [];
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = EXP[power + 255] = value;
  LOG[value] = power;
  value = value & 128 ? (value << 1) ^ 0x11d : value << 1;
}

function corrections(data, count) {
  let generator = [1];
  for (let root = 0; root < count; root += 1) {
    const next = [...generator, 0];
    generator.forEach((factor, place) => {
      if (factor) next[place + 1] ^= EXP[LOG[factor] + root];
    });
    generator = next;
  }
  const rest = [...data, ...Array(count).fill(0)];
  for (let place = 0; place < data.length; place += 1) {
    if (!rest[place]) continue;
    const lead = LOG[rest[place]];
    generator.forEach((factor, step) => (rest[place + step] ^= EXP[LOG[factor] + lead]));
  }
  return rest.slice(data.length);
}

function codewords(bytes, version) {
  const [blocks, size, extra] = BLOCKS[version];
  const capacity = blocks * size;
  const bits = [..."0100", ...bytes.length.toString(2).padStart(8, "0")];
  for (const byte of bytes) bits.push(...byte.toString(2).padStart(8, "0"));
  bits.push(...Array(Math.min(4, capacity * 8 - bits.length)).fill("0"));
  while (bits.length % 8) bits.push("0");
  const data = [];
  for (let start = 0; start < bits.length; start += 8) data.push(parseInt(bits.slice(start, start + 8).join(""), 2));
  for (let pad = 0xec; data.length < capacity; pad ^= 0xec ^ 0x11) data.push(pad);
  const parts = Array.from({ length: blocks }, (_, block) => data.slice(block * size, (block + 1) * size));
  const checks = parts.map((part) => corrections(part, extra));
  const weave = (rows, length) => Array.from({ length }, (_, place) => rows.map((row) => row[place])).flat();
  return [...weave(parts, size), ...weave(checks, extra)];
}

function penalty(modules) {
  const size = modules.length;
  let found = 0;
  let dark = 0;
  const columns = modules.map((_, place) => modules.map((row) => row[place]));
  for (const line of [...modules, ...columns]) {
    const text = line.join("");
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) found += run.length - 2;
    for (const pattern of ["10111010000", "00001011101"]) {
      for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + 1)) found += 40;
    }
  }
  for (let r = 0; r < size; r += 1) {
    for (let c = 0; c < size; c += 1) {
      dark += modules[r][c];
      if (r && c && modules[r][c] === modules[r - 1][c] && modules[r][c] === modules[r][c - 1] && modules[r][c] === modules[r - 1][c - 1]) found += 3;
    }
  }
  return found + 10 * Math.floor(Math.abs((dark * 20) / (size * size) - 10));
}

function draw(words, version, mask) {
  const size = 17 + 4 * version;
  const modules = Array.from({ length: size }, () => Array(size).fill(null));
  const finder = (row, column) => {
    for (let r = -4; r <= 4; r += 1) {
      for (let c = -4; c <= 4; c += 1) {
        const ring = Math.max(Math.abs(r), Math.abs(c));
        if (modules[row + r]?.[column + c] !== undefined) modules[row + r][column + c] = Number(ring !== 2 && ring !== 4);
      }
    }
  };
  finder(3, 3);
  finder(3, size - 4);
  finder(size - 4, 3);
  if (version > 1) {
    const at = size - 7;
    for (let r = -2; r <= 2; r += 1) for (let c = -2; c <= 2; c += 1) modules[at + r][at + c] = Number(Math.max(Math.abs(r), Math.abs(c)) !== 1);
  }
  for (let place = 8; place < size - 8; place += 1) modules[6][place] = modules[place][6] = Number(place % 2 === 0);
  const level = mask; // level M is 00
  let rest = level << 10;
  for (let bit = 14; bit >= 10; bit -= 1) if ((rest >> bit) & 1) rest ^= 0x537 << (bit - 10);
  const format = ((level << 10) | rest) ^ 0x5412;
  for (let bit = 0; bit < 15; bit += 1) {
    const value = (format >> bit) & 1;
    modules[bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit][8] = value;
    modules[8][bit < 8 ? size - 1 - bit : bit === 8 ? 7 : 14 - bit] = value;
  }
  modules[size - 8][8] = 1;
  let bit = 0;
  for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const row = up ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (modules[row][column] !== null) continue;
        const value = ((words[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
        modules[row][column] = value ^ Number(MASKS[mask](row, column) === 0);
        bit += 1;
      }
    }
  }
  return modules;
}

/** The modules (rows of 0 and 1) of a text; with the mask that reads best unless one is given. */
export function matrix(text, wanted = null) {
  const bytes = [...new TextEncoder().encode(text)];
  const version = BLOCKS.findIndex((block) => block && block[0] * block[1] - 2 >= bytes.length);
  if (version < 0) throw new RangeError(`${bytes.length} bytes are more than version 6 holds`);
  const words = codewords(bytes, version);
  if (wanted !== null) return draw(words, version, wanted);
  const all = MASKS.map((_, mask) => draw(words, version, mask));
  return all.reduce((best, one) => (penalty(one) < penalty(best) ? one : best));
}

/** The code as an SVG element, four modules of white around it. */
export function qr(text) {
  const modules = matrix(text);
  const size = modules.length + 8;
  let path = "";
  modules.forEach((row, r) => row.forEach((dark, c) => (path += dark ? `M${c + 4} ${r + 4}h1v1h-1z` : "")));
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("class", "receipt-qr");
  const ground = svg.appendChild(document.createElementNS(svg.namespaceURI, "path"));
  ground.setAttribute("d", `M0 0h${size}v${size}H0z`);
  ground.setAttribute("fill", "#fff");
  svg.appendChild(document.createElementNS(svg.namespaceURI, "path")).setAttribute("d", path);
  return svg;
}

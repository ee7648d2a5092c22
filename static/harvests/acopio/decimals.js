// Decimal arithmetic on whole numbers, never floats: weights in grams, money in cents.
const NANO = 1_000_000_000n;
/** Kilos in one unit, times 10^9. */
export const UNITS = { kg: NANO, lb: 453_592_370n, qq: 45_359_237_000n, arroba: 11_339_809_250n, piece: NANO };

/** Divide and round half up; both positive. */
export function divide(number, by) {
  return (2n * number + by) / (2n * by);
}

/** "103.5" as a whole number with `places` decimals: 103500n for 3. Further decimals are rounded. */
export function scaled(text, places) {
  const [whole, part = ""] = String(text).split(".");
  const digits = BigInt((whole || "0") + part);
  const surplus = part.length - places;
  return surplus > 0 ? divide(digits, 10n ** BigInt(surplus)) : digits * 10n ** BigInt(-surplus);
}

/** 103500n with 3 places as "103.500". */
export function plainText(number, places) {
  const digits = String(number < 0n ? -number : number).padStart(places + 1, "0");
  const cut = digits.length - places;
  return (number < 0n ? "-" : "") + digits.slice(0, cut) + (places ? `.${digits.slice(cut)}` : "");
}

let sign = ",";
export function writeWith(decimalSign) {
  sign = decimalSign;
}
export function decimalSign() {
  return sign;
}

/** As people read it: 1.234,560 in Spanish. */
export function shown(number, places) {
  const [whole, part] = plainText(number, places).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, sign === "," ? "." : ",");
  return part === undefined ? grouped : grouped + sign + part;
}

export const kilos = (grams) => `${shown(grams, 3)} kg`;
export const dollars = (cents) => `${shown(cents, 2)}\u00a0USD`;
/** A price of a unit, two decimals at least, as the office writes it: 0,45 USD/lb. */
export const unitPrice = (text, unit) => `${typedAs(String(text).replace(/(\.\d\d\d*?)0+$/, "$1"))}\u00a0USD/${unit}`;

/**
 * Read what was typed. In Spanish 1.250 may be a thousand or one and a quarter: it is not guessed.
 * Answers {} for nothing, {value: "103.5"}, {choices: [thousands, decimals]} or {wrong: true}.
 */
export function read(typed) {
  const text = typed.trim();
  if (!text) return {};
  const parts = text.split(/[.,]/);
  if (!/^(\d+([.,]\d*)?|[.,]\d+)$/.test(text)) return { wrong: true };
  if (!text.includes(sign) && parts.length === 2 && parts[1].length === 3) {
    return { choices: [parts.join(""), `${parts[0] || "0"}.${parts[1]}`] };
  }
  const decimals = parts[1] ?? "";
  const value = (parts[0] || "0").replace(/^0+(?=\d)/, "") + (decimals ? `.${decimals}` : "");
  return { value };
}

/** "103.5" as it is typed in this language. */
export const typedAs = (text) => String(text ?? "").replace(".", sign);

/** Grams of a quantity in a unit. */
export const grams = (quantity, unit) => divide(scaled(quantity, 9) * UNITS[unit], 10n ** 15n);

/** Cents for so many grams at a price (four decimals, as text) for one unit. */
export const worth = (net, price, unit) => divide(net * scaled(price, 4) * 10_000n, UNITS[unit]);

/** Cents for so many pieces. */
export const worthOfPieces = (quantity, price) => divide(scaled(quantity, 3) * scaled(price, 4), 100_000n);

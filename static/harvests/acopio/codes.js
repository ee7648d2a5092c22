// Codes that check themselves: a partner's card (members/cards.py) and the cédula.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The code in what was scanned or typed; null when it is no card or a sign is wrong. */
export function readCard(text) {
  const plain = text.replace(/\s/g, "").toUpperCase().replace(/^KALLARI\/S\//, "").replaceAll("-", "")
    .replace(/[IL]/g, "1").replaceAll("O", "0");
  if (!/^[0-9A-HJKMNP-TV-Z]{17}$/.test(plain)) return null;
  let p = 32;
  for (const letter of plain.slice(0, -1)) p = (((p + ALPHABET.indexOf(letter)) % 32 || 32) * 2) % 33;
  return (p + ALPHABET.indexOf(plain[16])) % 32 === 1 ? plain : null;
}

/** Whether it looks like a card, well read or not. */
export const looksLikeCard = (text) => /^KALLARI\//i.test(text.trim()) || (/\d/.test(text) && /^[0-9A-Z -]{15,}$/i.test(text.trim()) && text.replace(/[\s-]/g, "").length > 14);

/** Ten digits whose last one checks the others (python-stdnum, stdnum.ec.ci). */
export function cedulaIsRight(typed) {
  const digits = typed.replace(/[\s-]/g, "");
  if (!/^\d{10}$/.test(digits)) return false;
  const province = Number(digits.slice(0, 2));
  if (!((province >= 1 && province <= 24) || province === 30 || province === 50) || digits[2] > "6") return false;
  const sum = [...digits].reduce((all, digit, place) => {
    const weighed = Number(digit) * (place % 2 ? 1 : 2);
    return all + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return sum % 10 === 0;
}

/** What else the office and its papers print for a number: F-0030, CH-0034. */
export const familyCode = (number) => `F-${String(number).padStart(4, "0")}`;
export const chakraCode = ({ number }) => `CH-${String(number).padStart(4, "0")}`;

/** The number that was typed, bare or as it is printed (30, F-0030, Familia 30, N.º 5), and whose it
 * is: "family", "partner" or null for either. */
export function readNumber(typed) {
  const found = /^(?:(f|familia|family|ayllu)|(n|no|nro|num|n[uú]mero|soci[ao]))?[\s.:#ºª°-]*(\d{1,6})$/i.exec(typed.trim());
  return found && { of: found[1] ? "family" : found[2] ? "partner" : null, number: Number(found[3]) };
}

/** Four signs that tell this telephone from others on a provisional folio. */
export function shortDevice(id) {
  let number = parseInt(id.replaceAll("-", "").slice(0, 5), 16);
  let signs = "";
  for (let place = 0; place < 4; place += 1) {
    signs = ALPHABET[number % 32] + signs;
    number = Math.floor(number / 32);
  }
  return signs;
}

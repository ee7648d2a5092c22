// What two spellings of one name have in common: kallari/search/spelling.py, rule by rule.
// tests/browser/test_acopio.py compares both sides.
const APART = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", ł: "l", ŋ: "n", þ: "th", ŧ: "t", ƒ: "f", ĸ: "k", ɨ: "i" };
const LATIN = /[A-Z\u00AA-\u024F\u1E00-\u1EFF\uFB00-\uFB06\uFF10-\uFF5A]/g;
const ACCENTS = /[\u00AD\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u200B-\u200D\u2060\u20D0-\u20FF\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF]+/g;
const NO_LETTERS = /[\u0001-\u002F\u003A-\u0060\u007B-\u00A9\u00AB-\u00B9\u00BB-\u00BF\u00D7\u00F7\u02B0-\u02FF\u2000-\u2BFF\u2E00-\u2E7F\u3000-\u303F\uE000-\uF8FF\uFE10-\uFE6F\uFF00-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65\uFFE0-\uFFFF\u{1F000}-\u{1FAFF}]+/gu;
const known = new Map();

function plain(character) {
  if (!known.has(character)) {
    let found = "";
    for (const part of character.normalize("NFKD").toLowerCase().normalize("NFKD")) {
      if (/\p{M}/u.test(part)) continue;
      const letter = /[a-z0-9]/.test(part) ? part : APART[part];
      if (letter === undefined) {
        found = character;
        break;
      }
      found += letter;
    }
    known.set(character, found || character);
  }
  return known.get(character);
}

export function words(text) {
  return text
    .replaceAll("\0", " ")
    .replace(LATIN, plain)
    .replace(ACCENTS, "")
    .replace(NO_LETTERS, " ")
    .replace(/^ +| +$/g, "");
}

const UNITS = ["", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"];
const NUMBERS = { primero: 1, primer: 1, "1o": 1, "1ro": 1, "1ero": 1, "1er": 1, treinta: 30, veinte: 20 };
for (const [place, word] of ["diez", "once", "doce", "trece", "catorce", "quince"].entries()) NUMBERS[word] = 10 + place;
UNITS.forEach((word, value) => {
  if (!word) return;
  NUMBERS[word] = value;
  NUMBERS[`veinti${word}`] = 20 + value;
  if (value > 5) NUMBERS[`dieci${word}`] = 10 + value;
});
const LETTERS = { w: "u", y: "i", v: "b", h: "", j: "", G: "g", " ": "" };

export function searchKey(text) {
  return words(text).replaceAll(" ", "");
}

export function soundKey(text) {
  return ` ${words(text).replaceAll(" ", "  ")} `
    .replaceAll(" treinta  y  uno ", " 31 ")
    .replace(/ ([a-z0-9]+) /g, (all, word) => (Object.hasOwn(NUMBERS, word) ? ` ${NUMBERS[word]} ` : all))
    .replace(/^ (el|la|los|las) (?= .)/, "")
    .replaceAll("ph", "f")
    .replaceAll("ll", "y")
    .replace(/(ch|sh|c(?=[ei])|z)/g, "s")
    .replace(/([a-z][a-z][aeiou])s(?= )/g, "$1")
    .replace(/(qu(?=[ei])|[cq])/g, "k")
    .replaceAll(" x", " j")
    .replaceAll("x", "ks")
    .replace(/gu(?=[ei])/g, "G")
    .replace(/g(?=u[ao])/g, "")
    .replace(/g(?=[ei])/g, "j")
    .replace(/[wyvhjG ]/g, (letter) => LETTERS[letter])
    .replace(/([^0-9])\1+/g, "$1");
}

export function searchWords(text) {
  let parts = words(text).split(" ");
  if (parts.length > 1 && ["el", "la", "los", "las"].includes(parts[0])) parts = parts.slice(1);
  return parts.map(soundKey).filter(Boolean);
}

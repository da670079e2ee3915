// The slug follows the title while it is typed, until someone edits the slug by hand.
// The rule is that of posts/slugs.py; a test gives both the same titles.
const MAX_LENGTH = 120;
const FOLDED = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ı: "i", ς: "σ" };

const slugify = (text) => {
  const folded = text.normalize("NFKD").toLowerCase().replace(/[ßæœøđðþłıς]/g, (letter) => FOLDED[letter]);
  const plain = folded.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFC").replace(/['’]/g, "");
  const hyphenated = plain.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "");
  const letters = [...hyphenated];
  if (letters.length <= MAX_LENGTH) return hyphenated;
  const cut = letters.slice(0, MAX_LENGTH).join("");
  const atWord = letters[MAX_LENGTH] === "-" ? cut : cut.slice(0, Math.max(0, cut.lastIndexOf("-")));
  return (atWord || cut).replace(/^-+|-+$/g, "");
};

for (const field of document.querySelectorAll("[data-slug-from]")) {
  const source = document.getElementById(field.dataset.slugFrom);
  let follows = !field.value;
  source?.addEventListener("input", () => { if (follows) field.value = slugify(source.value); });
  field.addEventListener("input", (event) => { if (event.isTrusted) follows = !field.value; });
}

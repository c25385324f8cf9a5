/** The maximum number of words in a part, in a rule without parts, and in the sentence before the parts. */
const WORDS_MAX = 40;
/** The maximum number of sentences: the statement and its outcome. */
const SENTENCES_MAX = 2;

/** Returns a problem for each rule or part that is too long or wrongly numbered. */
export function checkForm(specs) {
  return specs.flatMap(({ rules }) => rules.flatMap(checkRule));
}

function checkRule(rule) {
  const { name, path, parts, strays } = rule;
  const problems = strays.map((line) => `${path}: an item of ${name} has no number: ${line}`);
  let before = 0;
  for (const part of [rule, ...parts]) problems.push(tooLong({ ...part, path }));
  for (const part of parts) {
    const [of, number] = part.name.split('.');
    if (of !== name) problems.push(`${path}: ${part.name} is among the parts of ${name}`);
    if (Number(number) <= before) problems.push(`${path}: ${part.name} comes after ${name}.${before}`);
    before = Number(number);
    if (sentences(part.text) > SENTENCES_MAX)
      problems.push(`${path}: ${part.name} has ${sentences(part.text)} sentences, at most ${SENTENCES_MAX}`);
  }
  return problems.filter((problem) => problem !== null);
}

function tooLong({ path, name, text }) {
  const count = words(text);
  return count > WORDS_MAX ? `${path}: ${name} has ${count} words, at most ${WORDS_MAX}` : null;
}

/** Returns the text as shown: without the number, Markdown syntax and link addresses. Code counts as words. */
function shown(text) {
  return text
    .replace(/^\s*(?:- \*\*|\| )[A-Z]{2}-[\d.]*\d/, '')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/[*`|[\]]/g, ' ');
}

function words(text) {
  return shown(text)
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function sentences(text) {
  return shown(text)
    .split(/[.!?]\s+(?=\p{Lu})/u)
    .filter((sentence) => /\p{L}/u.test(sentence)).length;
}

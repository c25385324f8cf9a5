import type { MessageBody } from './message.js';

/**
 * A term of a text search. Before they are compared, stored and searched texts are folded: variants of a character
 * become one (full-width and half-width, ligatures, capitals), white space becomes one blank, and invisible characters
 * are removed.
 *
 * Scripts without spaces (Chinese, Japanese, Korean, Thai and its neighbours, and emoji) match anywhere in a text, from
 * one character on. Words of other scripts match by their prefixes.
 */
export interface SearchTerm {
  /** Folded; never empty. */
  readonly text: string;
  /**
   * Whether the term was quoted. If so, its last word must be a whole word of the text. Otherwise a prefix suffices.
   */
  readonly whole: boolean;
}

/**
 * Version of the search index. Must be raised whenever results of `foldText` or `textTokens` change, because stored
 * results must then be computed again.
 */
export const SEARCH_TEXT_VERSION = 1;

/**
 * Returns whether every search that matches one version of a message matches the other too. Compares only the text and
 * the number of files, because no edit changes anything else.
 */
export function hasSameSearchText(before: MessageBody, after: MessageBody): boolean {
  if (before.kind !== 'text' || after.kind !== 'text') return before.kind === after.kind;
  return before.text === after.text && before.files?.length === after.files?.length;
}

/**
 * Lengths of the prefixes of words that are stored as tokens. For a search of a longer prefix, the longest of these
 * excludes texts.
 */
const prefixLengths: readonly number[] = [2, 3, 4, 6];
const PREFIX_MARK = '\u0001';

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Extended_Pictographic}\u3006\u30fc]/u;
const wordly = /[\p{L}\p{N}\p{M}_]/u;
/** Matches texts of which folding can only change the case, which is faster. */
const plain = /^(?:[!-~\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3]| (?! ))*$/;
const unseen = /\p{Default_Ignorable_Code_Point}/gu;

const OTHER = 1;
const UNSPACED = 2;
const WORD = 3;
type Class = typeof OTHER | typeof UNSPACED | typeof WORD;

/**
 * Cached classes by code unit; 0 if unknown. Without the cache, testing regular expressions for every character would
 * take most of the time of a search.
 */
const classes = new Uint8Array(0x10000);

function classify(codePoint: number): Class {
  const character = String.fromCodePoint(codePoint);
  if (unspaced.test(character)) return UNSPACED;
  return wordly.test(character) ? WORD : OTHER;
}

function classOf(codePoint: number): Class {
  if (codePoint > 0xffff) return classify(codePoint);
  const known = classes[codePoint];
  if (known !== undefined && known !== 0) return known as Class;
  const found = classify(codePoint);
  classes[codePoint] = found;
  return found;
}

/** Returns the folded text (see `SearchTerm`). Folding a folded text changes nothing. */
export function foldText(text: string): string {
  if (plain.test(text)) return text.toLowerCase();
  return text.normalize('NFKC').replace(unseen, '').replace(/\s+/g, ' ').toLowerCase();
}

/**
 * Splits a folded text into words, and into runs of characters of scripts without spaces. `end`: the position after the
 * word.
 */
function eachRun(
  folded: string,
  visit: { readonly unspaced: (run: readonly string[]) => void; readonly word: (word: string, end: number) => void },
): void {
  let run: string[] = [];
  let wordFrom = -1;
  const endRuns = (at: number): void => {
    if (run.length > 0) visit.unspaced(run);
    if (wordFrom >= 0) visit.word(folded.slice(wordFrom, at), at);
    run = [];
    wordFrom = -1;
  };
  for (let at = 0; at < folded.length; ) {
    const codePoint = folded.codePointAt(at) ?? 0;
    const kind = classOf(codePoint);
    const going = kind === UNSPACED ? run.length > 0 : kind === WORD && wordFrom >= 0;
    if (!going) endRuns(at);
    if (kind === UNSPACED) run.push(String.fromCodePoint(codePoint));
    else if (kind === WORD && wordFrom < 0) wordFrom = at;
    at += codePoint > 0xffff ? 2 : 1;
  }
  endRuns(folded.length);
}

/**
 * Adds to `tokens` those by which a folded text can be found: every character and every pair of characters in scripts
 * without spaces, every word, and the prefixes of words.
 */
export function textTokens(folded: string, tokens: Set<string>): void {
  eachRun(folded, {
    unspaced: (run) => {
      for (let index = 0; index < run.length; index += 1) {
        tokens.add(run[index] ?? '');
        if (index > 0) tokens.add(`${run[index - 1]}${run[index]}`);
      }
    },
    word: (word) => {
      tokens.add(word);
      for (const length of prefixLengths)
        if (word.length >= length) tokens.add(`${word.slice(0, length)}${PREFIX_MARK}`);
    },
  });
}

/** Returns tokens that every text with this term has. Returns none if the term is too short to exclude any text. */
export function termTokens({ text, whole }: SearchTerm): readonly string[] {
  const tokens = new Set<string>();
  eachRun(text, {
    unspaced: (run) => {
      if (run.length === 1) tokens.add(run[0] ?? '');
      for (let index = 1; index < run.length; index += 1) tokens.add(`${run[index - 1]}${run[index]}`);
    },
    word: (word, end) => {
      if (whole || end < text.length) tokens.add(word);
      else {
        const length = prefixLengths.findLast((candidate) => candidate <= word.length);
        if (length !== undefined) tokens.add(`${word.slice(0, length)}${PREFIX_MARK}`);
      }
    },
  });
  return [...tokens];
}

/** Returns the position of the term in a folded text, at or after `from`; -1 if it is absent. */
export function findTerm(folded: string, { text, whole }: SearchTerm, from = 0): number {
  for (let at = folded.indexOf(text, from); at !== -1; at = folded.indexOf(text, at + 1)) {
    if (beginsWell(folded, text, at) && (!whole || endsWell(folded, text, at + text.length))) return at;
  }
  return -1;
}

function beginsWell(folded: string, text: string, at: number): boolean {
  return at === 0 || classOf(text.codePointAt(0) ?? 0) !== WORD || classBefore(folded, at) !== WORD;
}

function endsWell(folded: string, text: string, end: number): boolean {
  return (
    end === folded.length || classBefore(text, text.length) !== WORD || classOf(folded.codePointAt(end) ?? 0) !== WORD
  );
}

function classBefore(text: string, at: number): Class {
  const unit = text.charCodeAt(at - 1);
  const isLow = unit >= 0xdc00 && unit <= 0xdfff && at > 1;
  return classOf(text.codePointAt(isLow ? at - 2 : at - 1) ?? 0);
}

/** A part of a text, and whether it matches. */
export interface TextStretch {
  readonly text: string;
  readonly hit: boolean;
}

/** Splits the original text into parts and marks those that match a term. `text` is not folded. */
export function markTerms(text: string, terms: readonly SearchTerm[]): readonly TextStretch[] {
  const { folded, origin } = foldWithOrigin(text);
  const marked = new Uint8Array(text.length);
  for (const term of terms) {
    for (let at = findTerm(folded, term); at !== -1; at = findTerm(folded, term, at + term.text.length)) {
      marked.fill(1, origin[at], origin[at + term.text.length]);
    }
  }
  const stretches: TextStretch[] = [];
  for (let from = 0; from < text.length; ) {
    const hit = marked[from] === 1;
    let to = from + 1;
    while (to < text.length && (marked[to] === 1) === hit) to += 1;
    stretches.push({ text: text.slice(from, to), hit });
    from = to;
  }
  return stretches;
}

/**
 * Folds a text, character by character with combining marks. `origin` contains for each UTF-16 unit of the folded text
 * the position of its character in `text`, and the length of `text` at the end.
 */
function foldWithOrigin(text: string): { readonly folded: string; readonly origin: readonly number[] } {
  const origin: number[] = [];
  let folded = '';
  for (const match of text.matchAll(/\P{M}\p{M}*|\p{M}+/gsu)) {
    const piece = foldText(match[0]);
    const kept = piece === ' ' && folded.endsWith(' ') ? '' : piece;
    for (let unit = 0; unit < kept.length; unit += 1) origin.push(match.index);
    folded += kept;
  }
  origin.push(text.length);
  return { folded, origin };
}

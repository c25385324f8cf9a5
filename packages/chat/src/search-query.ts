import type { ChatErrorCode } from './chat-error-codes.js';
import type { SearchHas } from './search.js';
import { foldText, type SearchTerm } from './search-text.js';

/** A parsed search text. Its names of people and conversations are not looked up yet. */
export interface SearchQuery {
  readonly terms: readonly SearchTerm[];
  /** Names of senders as typed; `me` is the user who searches (`isSelf`). */
  readonly from: readonly string[];
  readonly in: readonly string[];
  readonly has: readonly SearchHas[];
  /**
   * A message must be sent at or after `after` and before `before`, in milliseconds since the epoch; `null` for no
   * bound.
   */
  readonly after: number | null;
  readonly before: number | null;
}

/** The result of `parseSearch`. */
export type ParsedSearch =
  | { readonly outcome: 'search'; readonly query: SearchQuery }
  | { readonly outcome: 'refused'; readonly code: ChatErrorCode };

type Filter = 'from' | 'in' | 'has' | 'before' | 'after';

/**
 * Names of filters, in English and Chinese. The colon after a name may be narrow or wide. Any other word before a colon
 * is searched as text, because addresses contain colons too.
 */
const filterNames: Readonly<Record<string, Filter>> = {
  from: 'from',
  in: 'in',
  has: 'has',
  before: 'before',
  after: 'after',
  来自: 'from',
  会话: 'in',
  位于: 'in',
  包含: 'has',
  早于: 'before',
  之前: 'before',
  晚于: 'after',
  之后: 'after',
};

const hasNames: Readonly<Record<string, SearchHas>> = {
  file: 'file',
  image: 'image',
  video: 'video',
  audio: 'audio',
  link: 'link',
  文件: 'file',
  图片: 'image',
  视频: 'video',
  语音: 'audio',
  链接: 'link',
};

const selfNames: ReadonlySet<string> = new Set(['me', '我']);

/** Maximum words and filters of one query. Bounds the comparisons of a search. */
const PARTS_MAX = 20;

const part =
  /(?:(from|in|has|before|after|来自|会话|位于|包含|早于|之前|晚于|之后)[:：])(?:["“”]([^"“”]*)["“”]?|(\S*))|["“”]([^"“”]*)["“”]?|([^\s"“”]+)/giu;

/**
 * Parses a search such as `words "a phrase" from:name in:conversation has:image before:2026-02-01 after:2026-01`. Days
 * begin by a clock that is `zone` minutes ahead of UTC. A year, a month or a day means its beginning, so `after:2026-01
 * before:2026-02` is January.
 *
 * Refuses with `search_empty`, `search_date`, `search_has`, `search_filter` (a filter without a value) or `too_many`.
 */
export function parseSearch(text: string, zone: number): ParsedSearch {
  const found: { terms: SearchTerm[]; from: string[]; in: string[]; has: SearchHas[] } = {
    terms: [],
    from: [],
    in: [],
    has: [],
  };
  const bounds: { after: number | null; before: number | null } = { after: null, before: null };
  const parts = [...text.matchAll(part)];
  if (parts.length > PARTS_MAX) return refused('too_many');
  for (const [, name, quotedValue, value, phrase, word] of parts) {
    if (name === undefined) {
      const folded = foldText(phrase ?? word ?? '').trim();
      if (folded !== '') found.terms.push({ text: folded, whole: phrase !== undefined });
      continue;
    }
    const filter = filterNames[name.toLowerCase()] ?? 'in';
    const code = addFilter(filter, (quotedValue ?? value ?? '').trim(), { found, bounds, zone });
    if (code !== null) return refused(code);
  }
  const query: SearchQuery = { ...found, ...bounds };
  return isEmpty(query) ? refused('search_empty') : { outcome: 'search', query };
}

/** Returns whether a name in `from:` means the user who searches. */
export function isSelf(name: string): boolean {
  return selfNames.has(name.toLowerCase());
}

/** Adds a filter to the query. Returns the code of a refusal; `null` if the filter is valid. */
function addFilter(
  filter: Filter,
  value: string,
  {
    found,
    bounds,
    zone,
  }: {
    readonly found: { readonly from: string[]; readonly in: string[]; readonly has: SearchHas[] };
    readonly bounds: { after: number | null; before: number | null };
    readonly zone: number;
  },
): ChatErrorCode | null {
  if (value === '') return 'search_filter';
  switch (filter) {
    case 'from':
    case 'in':
      found[filter].push(value);
      return null;
    case 'has': {
      const kind = hasNames[value.toLowerCase()];
      if (kind === undefined) return 'search_has';
      found.has.push(kind);
      return null;
    }
    case 'before':
    case 'after': {
      const at = parseDay(value, zone);
      if (at === null) return 'search_date';
      bounds[filter] = at;
      return null;
    }
  }
}

/**
 * Parses `2026`, `2026-11` or `2026-11-20`, with hyphens, slashes, dots or 年月日. Returns its beginning in milliseconds
 * since the epoch; `null` if it is no valid date.
 */
function parseDay(text: string, zone: number): number | null {
  const match = /^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?)?[年月日]?$/u.exec(text.normalize('NFKC'));
  if (match === null) return null;
  const [year = 0, month = 1, day = 1] = match.slice(1).map((digits) => (digits === undefined ? undefined : +digits));
  const days = dayNumber(year, month, day);
  return days === null ? null : (days * 1_440 - zone) * 60_000;
}

/**
 * Returns the number of days since 1970-01-01 in the Gregorian calendar; `null` for an invalid day. Computed without
 * `Date`, because this package must not use a clock. 719,163 is the number of days from 0001-01-01 to 1970-01-01, plus
 * one.
 */
function dayNumber(year: number, month: number, day: number): number | null {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (day < 1 || day > (lengths[month - 1] ?? 0) || year < 1) return null;
  const before = year - 1;
  const years = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  return years + lengths.slice(0, month - 1).reduce((sum, length) => sum + length, 0) + day - 719_163;
}

function isEmpty({ terms, from, in: places, has, after, before }: SearchQuery): boolean {
  return terms.length + from.length + places.length + has.length === 0 && after === null && before === null;
}

function refused(code: ChatErrorCode): ParsedSearch {
  return { outcome: 'refused', code };
}

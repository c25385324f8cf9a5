/** A content coding in which the server holds a compressed document or file. */
export type ContentCoding = 'br' | 'gzip';

/** The codings from the smallest result to the largest. */
const codings: readonly ContentCoding[] = ['br', 'gzip'];

/**
 * Returns the coding to send by an `Accept-Encoding` header (RFC 9110 section 12.5.3), or `null` for none: the one with
 * the highest weight, of equal ones the smallest. `*` covers the codings that are not named, and `q=0` refuses one.
 */
export function chooseCoding(accepted = ''): ContentCoding | null {
  const weights = parseWeights(accepted);
  const others = weights.get('*') ?? 0;
  // What is not named is still acceptable without a coding, but any coding that is accepted is preferred.
  let best = weights.get('identity') ?? 0;
  let chosen: ContentCoding | null = null;
  for (const coding of codings) {
    const weight = weights.get(coding) ?? others;
    const isBetter = chosen === null ? weight >= best : weight > best;
    if (weight === 0 || !isBetter) continue;
    best = weight;
    chosen = coding;
  }
  return chosen;
}

const item = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i;

/** Returns the weight of each named coding. Ignores items that are not valid. */
function parseWeights(accepted: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const text of accepted.split(',')) {
    const [, name, weight] = item.exec(text) ?? [];
    if (name !== undefined) weights.set(name.toLowerCase().replace(/^x-gzip$/, 'gzip'), Number(weight ?? 1));
  }
  return weights;
}

/** Reads a query by name. Returns `null` or `undefined` for a missing name. */
export interface UrlQuery {
  get(name: string): string | null | undefined;
}

/** Matches a query whose names and values contain no encoded characters, which means no `%` and no `+`. */
const PLAIN: RegExp = /^(?:[\w.$~-]+=[\w.$~=-]*(?:&(?!$)|$))*$/;

/** Reads a query without decoding it. Of a name that occurs twice, the first counts. */
class PlainQuery implements UrlQuery {
  readonly #text: string;

  constructor(text: string) {
    this.#text = `&${text}`;
  }

  get(name: string): string | null {
    const at = this.#text.indexOf(`&${name}=`);
    if (at < 0) return null;
    const from = at + name.length + 2;
    const to = this.#text.indexOf('&', from);
    return this.#text.slice(from, to < 0 ? undefined : to);
  }
}

/** Reads a query without encoded characters, faster than `URLSearchParams`. Returns `null` for any other query. */
export function readPlainQuery(text: string): UrlQuery | null {
  return PLAIN.test(text) ? new PlainQuery(text) : null;
}

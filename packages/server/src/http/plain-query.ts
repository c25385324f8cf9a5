/** What a query is read for; of a name that is not there, nothing. */
export interface Query {
  get(name: string): string | null | undefined;
}

/** Names and values in which everything stands for itself: no `%`, no `+`. */
const PLAIN: RegExp = /^(?:[\w.$~-]+=[\w.$~=-]*(?:&(?!$)|$))*$/;

/** The query of an address as nearly everybody writes it, read where it stands: of a name that comes twice the first. */
class PlainQuery implements Query {
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

/** @returns `null` for a query of any other kind. */
export function readPlainQuery(text: string): Query | null {
  return PLAIN.test(text) ? new PlainQuery(text) : null;
}

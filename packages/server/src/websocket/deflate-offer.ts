/** The answer of a server to the `Sec-WebSocket-Extensions` of a client. */
export type DeflateAnswer =
  | {
      readonly kind: 'accepted';
      readonly response: string;
      /** Bits of the largest window that compressed messages to this client may need, 8 to 15. */
      readonly window: number;
    }
  | { readonly kind: 'declined' }
  /** The header violates RFC 6455 section 9.1, so the connection must fail. */
  | { readonly kind: 'malformed' };

/** One extension that the client offers, with its parameters. */
interface Extension {
  readonly name: string;
  readonly parameters: readonly (readonly [name: string, value: string | null])[];
}

const DECLINED: DeflateAnswer = { kind: 'declined' };
const MALFORMED: DeflateAnswer = { kind: 'malformed' };

/**
 * Negotiates permessage-deflate, the compression of WebSockets (RFC 7692 section 7.1): accepts the first offer with valid parameters
 * and declines all others. Uses no context takeover, which means that no message refers to earlier ones, so that a message can be
 * compressed once for all receivers (SN-17).
 */
export function negotiateDeflate(header: string | undefined): DeflateAnswer {
  if (header === undefined) return DECLINED;
  const offers = new OfferReader(header).extensions();
  if (offers === null) return MALFORMED;
  for (const { name, parameters } of offers) {
    const accepted = name === 'permessage-deflate' ? accept(parameters) : null;
    if (accepted !== null) return accepted;
  }
  return DECLINED;
}

/** Returns `null` for an offer with an unknown, duplicate or invalid parameter (section 7). */
function accept(parameters: Extension['parameters']): DeflateAnswer | null {
  const given = new Map(parameters);
  if (given.size < parameters.length) return null;
  for (const [name, value] of given) if (!isKeepable(name, value)) return null;
  // The server may demand no context takeover even if it was not offered (7.1.1.1, 7.1.1.2). It must repeat an offered window (7.1.2.1).
  const bits = given.get('server_max_window_bits');
  const window = bits === undefined ? '' : `; server_max_window_bits=${bits}`;
  const response = `permessage-deflate; server_no_context_takeover; client_no_context_takeover${window}`;
  return { kind: 'accepted', response, window: Number(bits ?? 15) };
}

/** 8 to 15, without leading zeros (RFC 7692 section 7.1.2). */
const WINDOW = /^(?:[89]|1[0-5])$/;

/** Returns whether the server can comply with a parameter of an offer. */
function isKeepable(name: string, value: string | null): boolean {
  switch (name) {
    case 'server_no_context_takeover':
    case 'client_no_context_takeover':
      return value === null;
    case 'server_max_window_bits':
      return value !== null && WINDOW.test(value);
    case 'client_max_window_bits':
      // Any value is fine, because the server reads with the largest window.
      return value === null || WINDOW.test(value);
    default:
      return false;
  }
}

/** Characters of a token (RFC 7230 section 3.2.6). */
const TOKEN_CHARACTER = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]$/;

/** Parses the header's value, the rule `1#extension` of RFC 6455 section 9.1, character by character in linear time. */
class OfferReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns all extensions; `null` if the header is malformed. */
  extensions(): readonly Extension[] | null {
    const extensions: Extension[] = [];
    do {
      const extension = this.#extension();
      if (extension === null) return null;
      extensions.push(extension);
    } while (this.#take(','));
    return this.#at === this.#text.length ? extensions : null;
  }

  #extension(): Extension | null {
    const name = this.#token();
    const parameters: [string, string | null][] = [];
    while (name !== '' && this.#take(';')) {
      const parameter = this.#token();
      const value = this.#take('=') ? this.#value() : null;
      if (parameter === '' || value === '') return null;
      parameters.push([parameter, value]);
    }
    return name === '' ? null : { name, parameters };
  }

  /** Returns the value of a parameter; empty if it is missing or malformed. A text between quotes must be a token as well. */
  #value(): string {
    if (!this.#take('"')) return this.#token();
    let value = '';
    for (;;) {
      if (this.#text[this.#at] === '\\') this.#at += 1;
      else if (this.#text[this.#at] === '"') break;
      const character = this.#text[this.#at] ?? '';
      if (!TOKEN_CHARACTER.test(character)) return '';
      value += character;
      this.#at += 1;
    }
    this.#take('"');
    return value;
  }

  /** Returns a token without the spaces around it; empty if there is none. */
  #token(): string {
    this.#skipSpaces();
    const from = this.#at;
    while (TOKEN_CHARACTER.test(this.#text[this.#at] ?? '')) this.#at += 1;
    const token = this.#text.slice(from, this.#at);
    this.#skipSpaces();
    return token;
  }

  /** Skips the character and spaces around it. Returns false if another character comes next. */
  #take(character: string): boolean {
    this.#skipSpaces();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    // Not after an opening quote, where a space belongs to the value and makes it invalid.
    if (character !== '"') this.#skipSpaces();
    return true;
  }

  #skipSpaces(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at += 1;
  }
}

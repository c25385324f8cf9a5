/**
 * Replaces `JSON.parse` and `JSON.stringify` in engines without them. Uses no `eval`, so that received data is never executed.
 */

/**
 * Matches the next token of JSON: a whole string, a word (such as a number or `true`) or a sign. Of an invalid string,
 * it matches only the quotation mark.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they may not stand in a JSON string.
const token = /"[^"\\\0-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\0-\x1f]*)*"|[-+.\w]+|[^\s]/g;
const words: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };
const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Parses JSON. @throws Error if the text is not JSON */
export function parse(text: string): unknown {
  const tokens = text.match(token) || [];
  let at = 0;
  const expect = (sign: string): void => {
    if (tokens[at++] !== sign) throw new Error('JSON');
  };
  const readField = (fields: Record<string, unknown>): void => {
    const name = readValue();
    if (typeof name !== 'string') expect('');
    expect(':');
    const value = readValue();
    // Assigning `__proto__` would change the prototype.
    if (name !== '__proto__') fields[name as string] = value;
  };
  /** Reads the items of an array or the fields of an object. */
  const readAll = (opening: string): unknown => {
    const closing = opening === '[' ? ']' : '}';
    const items: unknown[] = [];
    const fields = {};
    for (let any = false; tokens[at] !== closing; any = true) {
      if (any) expect(',');
      if (opening === '[') items.push(readValue());
      else readField(fields);
    }
    at += 1;
    return opening === '[' ? items : fields;
  };
  const readValue = (): unknown => {
    const sign = tokens[at++] || '';
    if (sign === '[' || sign === '{') return readAll(sign);
    if (sign.charAt(0) === '"' && sign.length > 1) return unquote(sign);
    if (Object.hasOwn(words, sign)) return words[sign];
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(sign)) expect('');
    return Number(sign);
  };
  const value = readValue();
  if (at < tokens.length) expect('');
  return value;
}

function unquote(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(?:u(....)|(.))/g, (_, digits: string, sign: string) =>
      digits ? String.fromCharCode(parseInt(digits, 16)) : escapes[sign] || sign,
    );
}

/** Encodes a value as JSON. Omits fields that are `undefined`. */
export function stringify(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const parts: string[] = [];
  const fields = value as Record<string, unknown>;
  const list = Array.isArray(value);
  for (const name in fields) {
    const one = fields[name];
    if (Object.hasOwn(fields, name) && one !== undefined) parts.push((list ? '' : `${quote(name)}:`) + stringify(one));
  }
  return list ? `[${parts.join()}]` : `{${parts.join()}}`;
}

function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they have to be escaped in a JSON string.
  return `"${text.replace(/["\\\0-\x1f]/g, (unit) => `\\u${`000${unit.charCodeAt(0).toString(16)}`.slice(-4)}`)}"`;
}

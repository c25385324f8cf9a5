import type { SeededRandom } from '@everywire/testkit';
import type { OpenApiDocument, Operation } from '../chat-server/openapi-document.js';

/** Any JSON object. */
type Json = Readonly<Record<string, unknown>>;

/** A request as written to the connection. */
export interface DrawnRequest {
  /** The kind of fault; the same words mean the same fault on every route. */
  readonly kind: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** A long text of characters outside the Basic Multilingual Plane. */
const hugeText = '🂡'.repeat(1_500);
/** Values that replace the value of a field. */
const odd: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1e308,
  1.5,
  '',
  'x',
  hugeText,
  '\u0000',
  '\ud800',
  [],
  {},
  [[[[]]]],
  { $gt: '' },
];

/**
 * Draws random requests, valid and invalid ones, for the operations of the server's OpenAPI description. The seed
 * determines everything.
 */
export class RequestDrawer {
  readonly #document: OpenApiDocument;
  readonly #random: SeededRandom;

  constructor(document: OpenApiDocument, random: SeededRandom) {
    this.#document = document;
    this.#random = random;
  }

  /** Draws a value of the schema. */
  value(schema: Json): unknown {
    if (typeof schema['$ref'] === 'string') return this.value(this.#document.resolve(schema['$ref']));
    const { enum: values, anyOf, properties, items } = schema as Readonly<Record<string, unknown>>;
    if (Array.isArray(values)) return this.#random.pick(values);
    if (Array.isArray(anyOf)) return this.value(this.#random.pick(anyOf as readonly Json[]));
    if (properties !== undefined) {
      const required = (schema['required'] ?? []) as readonly string[];
      const named = Object.entries(properties as Readonly<Record<string, Json>>);
      const chosen = named.filter(([name]) => required.includes(name) || this.#random.chance(0.5));
      return Object.fromEntries(chosen.map(([name, property]) => [name, this.value(property)]));
    }
    if (items !== undefined) return Array.from({ length: this.#random.below(3) }, () => this.value(items as Json));
    if (schema['type'] === 'integer')
      return this.#random.pick([1, 2, 3, Number(schema['minimum'] ?? 0), Number(schema['maximum'] ?? 9)]);
    if (schema['type'] === 'boolean') return this.#random.chance(0.5);
    if (schema['type'] === 'null') return null;
    return this.#text(String(schema['pattern'] ?? ''));
  }

  /** Draws a text that matches the pattern of a schema. Supports the patterns that our description uses. */
  #text(pattern: string): string {
    const digits = /\{(\d+)\}/.exec(pattern)?.[1];
    // A position in a list begins with a number.
    const prefix = pattern.includes('}_[') ? '1_' : '';
    if (digits !== undefined && pattern.includes('0-9a-f'))
      return prefix + Array.from({ length: Number(digits) }, () => this.#random.pick([...'0123456789abcdef'])).join('');
    if (pattern !== '') return this.#random.pick(['1', '4', '12']);
    return this.#random.pick(['x', 'me', 'a name', '', '会议', 'from:ann', 'has:file', hugeText.slice(0, 100)]);
  }

  /** Draws one request of each kind, for an operation `METHOD /path/:id`. */
  requests(route: string, operation: Operation, token: string): readonly DrawnRequest[] {
    const valid = this.#valid(route, operation, token);
    return [
      ...Array.from({ length: 3 }, () => this.#valid(route, operation, token)),
      ...(operation.security === undefined ? [] : withoutToken(valid)),
      ...this.#wrongPaths(route, valid),
      ...this.#wrongHeaders(operation, valid),
      ...(operation.requestBody?.content['application/json'] === undefined ? [] : this.#wrongBodies(operation, valid)),
    ];
  }

  #valid(route: string, { parameters = [], requestBody }: Operation, token: string): DrawnRequest {
    let [, path = ''] = route.split(' ');
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    for (const { name, in: where, schema, required } of parameters) {
      const text = String(this.value(schema)).replace(/[^\x21-\x7e]/g, 'x') || 'x';
      if (where === 'path') path = path.replace(`:${name}`, encodeURIComponent(text));
      if (where === 'query') path += `?${name}=${encodeURIComponent(text)}`;
      if (where === 'header' && (required === true || this.#random.chance(0.5))) headers[name] = text;
    }
    if ('tus-resumable' in headers) headers['tus-resumable'] = this.#random.pick(['1.0.0', '1.0.0', '0.2.2']);
    const [[type, { schema }] = ['', { schema: {} }]] = Object.entries(requestBody?.content ?? {});
    if (requestBody === undefined) return { kind: 'valid', path, headers };
    headers['content-type'] = type;
    return {
      kind: 'valid',
      path,
      headers,
      body: type === 'application/json' ? JSON.stringify(this.value(schema)) : 'hers',
    };
  }

  #wrongPaths(route: string, valid: DrawnRequest): readonly DrawnRequest[] {
    const [, pattern = ''] = route.split(' ');
    const queries = [
      '?',
      '?a=1',
      '?users=1&users=2',
      '?users=-1',
      '?users=',
      '?__proto__=1',
      `?${'a'.repeat(4_000)}`,
      '?%zz',
    ];
    const changed = [...queries.map((query) => valid.path.split('?')[0] + query)];
    if (pattern.includes(':id'))
      for (const part of [
        'a'.repeat(101),
        'a'.repeat(6_000),
        '%00',
        '..%2f..',
        '0',
        '-1',
        '9'.repeat(40),
        '%F0%9F%82%A1',
        '__proto__',
        'A'.repeat(32),
      ])
        changed.push(pattern.replace(':id', part));
    return changed.map((path) => ({ ...valid, kind: 'path', path }));
  }

  #wrongHeaders({ parameters = [] }: Operation, valid: DrawnRequest): readonly DrawnRequest[] {
    const named = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name);
    const wrong = named.flatMap((name) =>
      ['', '-1', '1e3', 'x'.repeat(3_000), '9'.repeat(30)].map((value) => ({ [name]: value })),
    );
    const extensions = [
      { 'upload-concat': 'partial' },
      { 'upload-defer-length': '1' },
      { 'upload-checksum': 'sha1 x' },
      { 'x-http-method-override': 'DELETE' },
    ];
    const general = [
      { 'x-long': 'a'.repeat(12_000) },
      { accept: 'text/plain' },
      { origin: 'https://elsewhere.example' },
      { 'if-none-match': '*' },
      { range: 'bytes=9-1' },
    ];
    return [...wrong, ...extensions, ...general].map((more) => ({
      ...valid,
      kind: 'header',
      headers: { ...valid.headers, ...more },
    }));
  }

  #wrongBodies(operation: Operation, valid: DrawnRequest): readonly DrawnRequest[] {
    const schema = operation.requestBody?.content['application/json']?.schema ?? {};
    const value = this.value(schema);
    const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    const changed = fields.flatMap(([name]) => [
      JSON.stringify(Object.fromEntries(fields.filter(([other]) => other !== name))),
      ...Array.from({ length: 2 }, () => JSON.stringify({ ...(value as object), [name]: this.#random.pick(odd) })),
      `{"${name}":1,${JSON.stringify(value).slice(1)}`,
    ]);
    const text = JSON.stringify(value);
    const whole = ['[]', '"x"', '7', JSON.stringify({ ...(value as object), isAdmin: true })];
    const poisoned = [
      `{"__proto__":{"role":"administrator"},${text.slice(1)}`,
      `{"constructor":{"prototype":{}},${text.slice(1)}`,
    ];
    const broken = ['{', '', '{"a":}', `${text}x`, '\ufeff', "{'a':1}", '['.repeat(2_000)];
    const of = (kind: string) => (body: DrawnRequest['body'] & {}) => ({ ...valid, kind, body });
    const typed = (type: string) => ({
      ...valid,
      kind: 'media type',
      headers: { ...valid.headers, 'content-type': type },
    });
    return [
      ...changed.map(of('field')),
      ...whole.map(of('shape')),
      ...poisoned.map(of('prototype')),
      ...broken.map(of('broken')),
      of('broken')(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22])),
      of('too long')(JSON.stringify({ text: 'a'.repeat(200_000) })),
      ...['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'x'].map(typed),
    ];
  }
}

/** Returns the request with invalid tokens. */
function withoutToken(valid: DrawnRequest): readonly DrawnRequest[] {
  const wrong = ['', 'Bearer', 'Bearer x', 'Basic eDp4', `Bearer ewt_${'x'.repeat(43)}`];
  return wrong.map((authorization) => ({ ...valid, kind: 'sign-in', headers: { ...valid.headers, authorization } }));
}

import { expect, it } from 'vitest';
import { type OpenApiDocument, renderRestPage } from './rest-page.js';

type Operation = OpenApiDocument['paths'][string][string];

const readable = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ')
    .trim();

/** Returns the page's section on one operation, as text. */
function sectionOf(operation: Operation): string {
  const info = { title: 'Chat', version: '1.2.3' };
  const html = renderRestPage({ openapi: '3.1.0', info, paths: { '/api/things/{id}': { get: operation } } });
  return readable(/<section.*<\/section>/s.exec(html)?.[0] ?? '');
}

/** Returns the page's description of an answer's body. */
function bodyOf(schema: object): string {
  const answer = { description: 'Done', content: { 'application/json': { schema } } };
  return sectionOf({ responses: { 200: answer } }).replace(/^.*Answers 200 /, '');
}

it.each<[string, object]>([
  ['string', { type: 'string' }],
  ['string ^[a-f]+$ An id.', { type: 'string', pattern: '^[a-f]+$', description: 'An id.' }],
  ['anything', {}],
  ['"a" or "b"', { enum: ['a', 'b'] }],
  ['1', { const: 1 }],
  ['a list of integer', { type: 'array', items: { type: 'integer' } }],
  ['string or null', { anyOf: [{ type: 'string' }, { type: 'null' }] }],
  [
    'A person. name string status (optional) string',
    {
      type: 'object',
      description: 'A person.',
      required: ['name'],
      properties: { name: { type: 'string' }, status: { type: 'string' } },
    },
  ],
])('the REST page describes a body as %j', (shown, schema) => {
  expect(bodyOf(schema)).toBe(shown);
});

it('the REST page links the icon of the chat page, because browsers would otherwise request /favicon.ico', () => {
  const html = renderRestPage({ openapi: '3.1.0', info: { title: 'Chat', version: '1.2.3' }, paths: {} });
  expect(html).toMatch(/<head>.*<link rel="icon" href="\/icon\.svg" type="image\/svg\+xml">.*<\/head>/s);
});

it('the REST page lists parameters, the body, and each answer with its headers', () => {
  const shown = sectionOf({
    summary: 'Reads a thing',
    description: 'At any time.',
    security: [{ bearer: [] }, { filesCookie: [] }],
    parameters: [
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'after', in: 'query', description: 'Where to continue.', schema: { type: 'integer' } },
    ],
    requestBody: { content: { 'application/octet-stream': {} } },
    responses: {
      200: {
        description: 'The thing',
        headers: { ETag: { schema: { type: 'string' } } },
        content: { 'image/webp': {} },
      },
      404: { description: 'There is none.' },
    },
  });
  expect(shown).toBe(
    [
      'GET /api/things/{id} Reads a thing. With a bearer token, or the files cookie. At any time.',
      'Parameters id path: string after (optional) query: integer Where to continue.',
      'Body Bytes, application/octet-stream .',
      'Answers 200 Bytes, image/webp . ETag string 404 There is none.',
    ].join(' '),
  );
});

it('the REST page names the authorization of an operation', () => {
  expect(sectionOf({ summary: 'Signs in' })).toContain('Signs in. For anyone.');
  expect(sectionOf({ summary: 'Reads', security: [{ bearer: [] }] })).toContain('Reads. With a bearer token. Answers');
});

it('the REST page escapes its content', () => {
  const info = { title: '<script>', version: '"1"', description: 'a & b' };
  const html = renderRestPage({ openapi: '3.1.0', info, paths: {} });
  expect(html).toContain('<h1>&lt;script&gt;</h1><p>a &amp; b</p>');
  expect(html).toContain('Version &quot;1&quot;.');
});

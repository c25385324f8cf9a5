import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@everywire/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OpenApiDocument } from '../chat-server/openapi-document.js';
import { TestPlace } from '../chat-server/test-place.js';
import { type DrawnRequest, RequestDrawer } from './draw-request.js';

/*
 * Draws requests of every kind for every operation from the server's own description: each answer has a status and a
 * body that the description lists for the operation, and none is an internal error. `EVERYWIRE_SEED=n` draws others.
 */

const seed = Number(process.env['EVERYWIRE_SEED'] ?? '20261122');
/** A rate that is not reached. */
const wide = 1_000_000;
const limits = {
  signInsPerMinute: wide,
  restRequestsPerMinute: wide,
  attemptsPerName: wide,
  codesPerPerson: wide,
  searchesAtOnce: wide,
  credentialsPerUserMax: 1_000,
};
let directory: string;
let place: TestPlace;
let document: OpenApiDocument;
/** The statuses by kind of request and by whether the operation needs a token. */
const statuses = new Map<string, Map<number, string>>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'everywire-rest-document-'));
  place = await TestPlace.start({ filesDirectory: directory, limits });
  const root = await place.setUp();
  const session = await place.connect(root);
  const { conversation } = await session.ok({ command: 'createGroup', name: 'group', users: [] });
  await session.ok({ command: 'send', conversation, text: 'a word' });
  document = new OpenApiDocument(
    (await (await place.rest('GET', '/api/openapi.json')).json()) as Record<string, unknown>,
  );
});
afterAll(async () => {
  await place.stop();
  await rm(directory, { recursive: true });
});

async function logIn(): Promise<string> {
  const answer = await place.rest('POST', '/api/login', { name: 'root', password: 'correct horse' });
  return ((await answer.json()) as { readonly token: string }).token;
}

function ask(method: string, { path, headers, body }: DrawnRequest): Promise<Response> {
  return fetch(place.url + path, { method, headers, redirect: 'manual', ...(body !== undefined && { body }) });
}

/** Returns a request as text for a failure. */
const describeRequest = (request: DrawnRequest): string => JSON.stringify(request).slice(0, 300);

/** Sends each `stride`-th request of each operation, starting at a different one each, and returns their number. */
async function askAll(stride: number): Promise<number> {
  const faults: string[] = [];
  let count = 0;
  for (const [index, [route, operation]] of [...document.operations].entries()) {
    const [method = ''] = route.split(' ');
    const drawer = new RequestDrawer(document, createRandom(seed + index));
    const requests = drawer.requests(route, operation, await logIn());
    for (const request of requests.filter((_request, place) => (place + index) % stride === 0)) {
      const answer = await ask(method, request);
      count += 1;
      note(request.kind, operation.security !== undefined, answer.status, route);
      const failure = answer.status === 500 ? ['an error of the server'] : [];
      for (const fault of [...failure, ...(await document.answerFaults(route, answer))])
        faults.push(`${route} ${answer.status}: ${fault}; ${request.kind} ${describeRequest(request)}`);
    }
  }
  expect(faults).toEqual([]);
  expect(place.lines.filter((line) => /failed/.test(line))).toEqual([]);
  return count;
}

test('every answer to a sample of each kind of request is in the description', async () => {
  expect(await askAll(5)).toBeGreaterThan(500);
}, 300_000);

test('every answer to every kind of request is in the description', { tags: ['wide'], timeout: 600_000 }, async () => {
  expect(await askAll(1)).toBeGreaterThan(2_500);
});

/** Records that a kind of request was answered with this status. */
function note(kind: string, secured: boolean, status: number, route: string): void {
  const key = `${kind}${secured ? '' : ', open'}`;
  statuses.set(key, (statuses.get(key) ?? new Map<number, string>()).set(status, route));
}

describe('the same fault gets the same status on every route', () => {
  test.each([
    ['broken', 400],
    ['shape', 400],
    ['media type', 400],
    ['sign-in', 401],
  ])('%s: %i', (kind, status) => {
    for (const key of [kind, `${kind}, open`]) {
      const other = [...(statuses.get(key) ?? [])].filter(([each]) => each !== status);
      expect([key, other]).toEqual([key, []]);
    }
  });

  test.each(['OPTIONS', 'PUT', 'LINK'])('%s of a path without that method is not found', async (method) => {
    for (const route of document.routes) {
      const [, path = ''] = route.split(' ');
      if (document.routes.includes(`${method} ${path}`)) continue;
      const answer = await fetch(place.url + path.replace(':id', '1'), { method });
      const { code } = (await answer.json()) as { readonly code: string };
      expect([path, answer.status, code]).toEqual([path, 404, 'not_found']);
    }
  });
});

import { chatErrorCodes, type RestErrorCode } from '@everywire/chat';
import { addressKey, widerAddressKeys } from '@everywire/server/internal';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { parseAuthorization } from './bearer-token.js';
import { ConstantDocument } from './constant-document.js';
import { RestRefusal } from './error-codes.js';
import type { ChatServerLimits } from './limits.js';
import { RequestCounts } from './request-counts.js';
import { refusalAnswer } from './rest-schemas.js';
import { checkRight, type Right } from './rights.js';
import type { Caller, SignIn } from './sign-in.js';

/** A checked request, as the handler of a route receives it. `caller` is `null` for a route that is for anyone. */
interface RestRequest<Body, Params, Query, CallerOf> {
  readonly body: Body;
  readonly params: Params;
  readonly query: Query;
  readonly caller: CallerOf;
  /** The key that the request's address is counted by, see `addressKey`. */
  readonly address: string;
  /** The key of the widest network commonly assigned to one customer: an IPv6 /48, or the IPv4 address. */
  readonly network: string;
}

type CallerBy<R extends Right> = R extends 'anyone' ? null : Caller;

interface RouteOptions<
  Body extends TSchema,
  Params extends TSchema,
  Query extends TSchema,
  Answer extends TSchema,
  R extends Right,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters in Fastify's notation: `/api/devices/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly right: R;
  /** The rate limit. `sign-in` has a separate one, so that a flood of guesses does not lock out users who are signed in. */
  readonly pace: 'sign-in' | 'rest';
  readonly body?: Body;
  /** Bytes of the body, if `restBodyBytesMax` is not enough. */
  readonly bodyBytesMax?: number | undefined;
  readonly params?: Params;
  /** The schema of the query. All values must be strings, because values are not converted. */
  readonly query?: Query;
  readonly status: 200 | 201 | 202 | 204;
  /** Absent if the answer has no body. */
  readonly answer?: Answer;
  /**
   * Whether the answer never changes while the server runs, so that it is created only once. It is compressed if the
   * client accepts that, and has a tag (`ETag`).
   */
  readonly constant?: true;
  /** The codes that this route may refuse with, in addition to those of every route. */
  readonly refusals: readonly RestErrorCode[];
  readonly handle: (
    request: RestRequest<Static<Body>, Static<Params>, Static<Query>, CallerBy<R>>,
  ) => Promise<Static<Answer>> | Promise<void>;
}

/** A route of the REST interface: its schemas, description and handler. */
export interface RestRoute extends Omit<RouteOptions<TSchema, TSchema, TSchema, TSchema, Right>, 'handle'> {
  readonly handle: (request: RestRequest<never, never, never, never>) => Promise<unknown>;
}

/** Returns a route whose handler has the types of its schemas. */
export function restRoute<
  R extends Right,
  Body extends TSchema = TSchema,
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Answer extends TSchema = TSchema,
>(options: RouteOptions<Body, Params, Query, Answer, R>): RestRoute {
  return options as RestRoute;
}

/** Codes that any route may answer. */
const everyRoute: readonly RestErrorCode[] = [
  'invalid',
  'too_long',
  'rate_limited',
  'busy',
  'full',
  'unknown',
  'damaged',
  'internal',
];

type Refusing = Pick<RestRoute, 'right' | 'refusals'>;

/** Returns the codes that a route may refuse with, by status. A status may stand for several codes. */
export function refusalsOf({ right, refusals }: Refusing): ReadonlyMap<number, readonly RestErrorCode[]> {
  const codes = [...everyRoute, ...refusals];
  if (right !== 'anyone') codes.push('unauthenticated');
  if (right === 'member' || right === 'administrator') codes.push('denied');
  const byStatus = new Map<number, RestErrorCode[]>();
  for (const code of new Set(codes)) {
    const { httpStatus } = chatErrorCodes[code];
    byStatus.set(httpStatus, [...(byStatus.get(httpStatus) ?? []), code]);
  }
  return byStatus;
}

/** Returns the schemas of the refusals, by status. */
export function refusalSchemas(route: Refusing): Readonly<Record<string, TSchema>> {
  return Object.fromEntries([...refusalsOf(route)].map(([status, codes]) => [status, refusalAnswer(codes)]));
}

/** Describes where an answer deviates from its route's schema; for tests. */
export function answerFaults(route: RestRoute, status: number, body: unknown): readonly string[] {
  const codes = refusalsOf(route).get(status);
  const schema = status === route.status ? route.answer : codes && refusalAnswer(codes);
  if (schema === undefined)
    return status === route.status ? [] : [`/ the route declares no answer with status ${status}`];
  return [...Compile(schema).Errors(body)].map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Adds routes to the server. Refuses a caller without the right before the handler runs. */
export function addRestRoutes(
  app: FastifyInstance,
  routes: readonly RestRoute[],
  { signIn, limits }: { readonly signIn: SignIn; readonly limits: ChatServerLimits },
): void {
  const rateLimits = {
    'sign-in': { max: limits.signInsPerMinute, groupId: 'sign-in' },
    rest: { groupId: 'rest' },
  };
  const networks = new RequestCounts({ cache: limits.attemptKeysMax });
  for (const route of routes) {
    const constant = route.constant && constantAnswer(route);
    app.route({
      method: route.method,
      url: route.path,
      schema: fastifySchema(route),
      ...(route.bodyBytesMax === undefined ? {} : { bodyLimit: route.bodyBytesMax }),
      config: { rateLimit: rateLimits[route.pace] },
      handler: async (request, reply) => {
        if (constant !== undefined) return constant.answer(request, reply);
        if (route.pace === 'sign-in') checkNetworks(request.clientAddress, networks, limits);
        const caller = await admit(route.right, request, signIn);
        // All three were checked against the route's schemas, which give the handler its types.
        const checked = { body: request.body as never, params: request.params as never, query: request.query as never };
        const address = addressKey(request.clientAddress);
        const network = widerAddressKeys(request.clientAddress)?.by48 ?? address;
        const answer = await route.handle({ ...checked, caller: caller as never, address, network });
        return reply.code(route.status).send(answer ?? undefined);
      },
    });
  }
}

/** Counts a sign-in for the IPv6 /56 and /48 of its address as well; its /64 was counted before. @throws RestRefusal */
function checkNetworks(address: string, counts: RequestCounts, limits: ChatServerLimits): void {
  const keys = widerAddressKeys(address);
  if (keys === null) return;
  const { signInsPerMinute, signInsPer56, signInsPer48 } = limits;
  for (const [key, times] of [
    [keys.by56, signInsPer56],
    [keys.by48, signInsPer48],
  ] as const) {
    counts.incr(
      key,
      (_error, { current, ttl }) => {
        if (current > times * signInsPerMinute) throw new RestRefusal('rate_limited', ttl);
      },
      MINUTE_MS,
    );
  }
}

const MINUTE_MS = 60_000;

/** Returns the document of a public route whose answer does not depend on the request. */
function constantAnswer(route: RestRoute): ConstantDocument {
  const handle = route.handle as () => Promise<unknown>;
  return new ConstantDocument(JSON_TYPE, async () => JSON.stringify(await handle()));
}

const JSON_TYPE = 'application/json; charset=utf-8';

async function admit(right: Right, request: FastifyRequest, signIn: SignIn): Promise<Caller | null> {
  if (right === 'anyone') return null;
  const caller = await signIn.authenticate(parseAuthorization(request.headers.authorization));
  const code = checkRight(right, caller?.user.role ?? null);
  if (code !== null) throw new RestRefusal(code);
  return caller;
}

function fastifySchema(route: RestRoute): Record<string, unknown> {
  const answer = route.answer ?? { type: 'null', description: 'No body.' };
  return {
    summary: route.summary,
    ...(route.body === undefined ? {} : { body: route.body }),
    ...(route.params === undefined ? {} : { params: route.params }),
    ...(route.query === undefined ? {} : { querystring: route.query }),
    ...(route.right === 'anyone' ? {} : { security: [{ bearer: [] }] }),
    response: {
      [route.status]: answer,
      ...(route.constant && { 304: { type: 'null', description: 'The cached copy is current.' } }),
      ...refusalSchemas(route),
    },
  };
}

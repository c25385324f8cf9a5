import { createServer, type Server } from 'node:http';
import { errorCodes, type RestErrorCode } from '@everywire/chat';
import {
  addressKey,
  createClientAddresses,
  createHostPolicy,
  letAnswerBeRead,
  plainAddress,
  repeatsHost,
  WebSocketOnlyMessage,
} from '@everywire/server/internal';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { accessLine } from './access-log.js';
import { answerUnparsed } from './answer-unparsed.js';
import { parseAuthorization, withoutTokens } from './bearer-token.js';
import { compileRequestSchema } from './compile-request-schema.js';
import { RestRefusal, restErrorBody } from './error-codes.js';
import { createHttpsServer, type TlsPair } from './https-server.js';
import { nestsTooDeep } from './json-depth.js';
import type { LastingRequests } from './lasting-requests.js';
import type { ChatServerLimits } from './limits.js';
import type { Log } from './log.js';
import { RequestCounts } from './request-counts.js';
import { isRestPath } from './rest-path.js';
import { securityHeaders } from './security-headers.js';
import { storageCode } from './storage-code.js';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Where the request comes from, as the transports see it. `ip` of Fastify is any text that a proxy passes on in `X-Forwarded-For`, so a client could
     * choose the key of its own limits and what the log says.
     */
    readonly clientAddress: string;
  }
}

export interface HttpAppOptions {
  readonly limits: ChatServerLimits;
  readonly log: Log;
  /** Addresses or networks whose `X-Forwarded-For` is believed. Empty: nobody's. */
  readonly trustedProxies: readonly string[];
  /** Names by which browsers reach this server, see `hosts` of the transports. Default: every name is accepted. */
  readonly hosts?: readonly string[];
  /** `null`: plain http. */
  readonly tls: TlsPair | null;
  /** Follows requests to `/api/`. */
  readonly lasting: Pick<LastingRequests, 'follow'>;
  /** Called at each answer that says that the disk is full. */
  readonly onDiskFull?: () => void;
}

const serverOptions = {
  IncomingMessage: WebSocketOnlyMessage,
  requestTimeout: 30_000,
  headersTimeout: 15_000,
  // A proxy that keeps connections for its usual 60 s must be the one to end them, or it answers 502 now and then.
  keepAliveTimeout: 72_000,
};

/** Node's own limit of a request's head. */
const headBytesMax = 16_384;

/** Stands for every path that cannot be decoded. No route has it. */
const undecodablePath = '/undecodable';

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '');
    return true;
  } catch {
    return false;
  }
}

/** The HTTP side without its routes: limits, headers, one line per request, one place where errors become answers. */
export async function createHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const { limits, log, tls } = options;
  const app = fastify({
    logger: false,
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    bodyLimit: limits.restBodyBytesMax,
    // A parameter that is too long is refused by the schema of its route, like any other that is wrong; Node bounds the head.
    routerOptions: { maxParamLength: headBytesMax },
    // A path that cannot be decoded would be answered before all hooks, so without the headers of every answer.
    rewriteUrl: ({ url = '/' }) => (isDecodable(url) ? url : undecodablePath),
    frameworkErrors: (error, _request, reply) => void answerError(error, reply, log),
    clientErrorHandler: answerUnparsed,
    serverFactory: (handler): Server => {
      if (tls === null) return createServer(serverOptions, handler);
      // To Fastify and to the transports it is the same kind of server.
      return createHttpsServer(serverOptions, tls, handler) as Server;
    },
    forceCloseConnections: 'idle',
  });
  const addresses = createClientAddresses(options.trustedProxies);
  app.decorateRequest('clientAddress', {
    getter(this: FastifyRequest) {
      return addresses.of(this.raw);
    },
  });
  app.setValidatorCompiler(compileRequestSchema);
  app.setSerializerCompiler(() => JSON.stringify);
  // A proxy in front may have read the other one. The transport closes such a connection too.
  app.addHook('onRequest', async ({ raw }, reply) => {
    if (!repeatsHost(raw.rawHeaders)) return;
    reply.header('connection', 'close');
    throw new RestRefusal('invalid');
  });
  const allowsHost = createHostPolicy(options.hosts ?? [], addresses.isTrusted);
  app.addHook('onRequest', async ({ raw, url }) => {
    // Probes come by whatever name a balancer has, and tell nothing.
    if (url !== '/healthz' && url !== '/readyz' && !allowsHost(raw)) throw new RestRefusal('host_unknown');
  });
  app.addHook('onRequest', async ({ raw, url, headers }, reply) => {
    if (isRestPath(url)) options.lasting.follow(raw, reply.raw, parseAuthorization(headers.authorization));
  });
  app.addHook('onResponse', async (request, reply) => {
    const record = { method: request.method, url: request.url, status: reply.statusCode };
    if (reply.statusCode === errorCodes.full.httpStatus) options.onDiskFull?.();
    log.info(
      accessLine({ ...record, durationMs: reply.elapsedTime, remoteAddress: plainAddress(request.clientAddress) }),
    );
  });
  app.addHook('onSend', async (request, reply) => {
    if (isRestPath(request.url) && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  // A file waits for its reader in a stream, with its descriptor; the socket counts as idle while nothing of it is taken (H11).
  app.addHook('onSend', async (_request, { raw }) => {
    raw.setTimeout(limits.answerStalledMs, () => raw.destroy());
  });
  // A body that is too long is refused unread, and Fastify has the connection closed behind the answer.
  app.addHook('onSend', async (request, reply) => {
    if (reply.getHeader('connection') === 'close') letAnswerBeRead(request.raw, reply.raw);
  });
  app.setErrorHandler((error: FastifyError, _request, reply) => answerError(error, reply, log));
  app.setNotFoundHandler(({ originalUrl }, reply) =>
    answerRefusal(new RestRefusal(isDecodable(originalUrl) ? 'not_found' : 'invalid'), reply),
  );
  await app.register(helmet, securityHeaders);
  app.removeContentTypeParser('text/plain');
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (nestsTooDeep(text)) done(new RestRefusal('invalid'));
    else parseJson(request, text, done);
  });
  // Only the REST routes are counted: a page of twenty files, opened by an office behind one address, is no flood.
  await app.register(rateLimit, {
    global: false,
    max: limits.restRequestsPerMinute,
    timeWindow: 60_000,
    cache: limits.attemptKeysMax,
    store: RequestCounts,
    keyGenerator: (request) => addressKey(request.clientAddress),
    errorResponseBuilder: (_request, context) => new RestRefusal('rate_limited', context.ttl),
  });
  return app;
}

/** Fastify's own codes for what a client did wrong. */
const clientFaults: Readonly<Record<number, RestErrorCode>> = {
  400: 'invalid',
  // Of the page's files: a path that leads out of their directory.
  403: 'not_found',
  404: 'not_found',
  405: 'not_found',
  413: 'too_long',
  415: 'invalid',
  429: 'rate_limited',
};

/** Of the page's files: a range that begins behind the end. */
const rangeUnfit = 416;

/** Without a body, like the same answer for an attached file. The error names the size, as HTTP wants it. */
function answerUnfitRange(
  error: FastifyError & { readonly headers?: Record<string, string> },
  reply: FastifyReply,
): FastifyReply {
  return reply
    .code(rangeUnfit)
    .headers(error.headers ?? {})
    .send();
}

function answerError(error: FastifyError, reply: FastifyReply, log: Log): FastifyReply {
  if (error instanceof RestRefusal) return answerRefusal(error, reply);
  const storage = storageCode(error);
  if (storage !== null) return answerRefusal(new RestRefusal(storage), reply);
  if (error.statusCode === rangeUnfit) return answerUnfitRange(error, reply);
  const code = clientFaults[error.statusCode ?? (error.validation === undefined ? 500 : 400)];
  if (code !== undefined) return answerRefusal(new RestRefusal(code), reply, faultOf(error));
  log.error(withoutTokens(`A request failed: ${error.message}`), error);
  return answerRefusal(new RestRefusal('internal'), reply);
}

/** Which part of a request is not as `/api/openapi.json` describes it, for who writes the client. No value of it is repeated. */
function faultOf({ validationContext, code, message }: FastifyError): string {
  if (validationContext !== undefined) return ` (${validationContext}${message})`;
  return code?.startsWith('FST_ERR_CTP_') ? ` (${message})` : '';
}

const ofFiles = [
  ...['etag', 'last-modified', 'accept-ranges', 'content-disposition', 'content-encoding', 'content-range'],
] as const;

function answerRefusal(refusal: RestRefusal, reply: FastifyReply, fault = ''): FastifyReply {
  const { code, retryAfterMs, row } = refusal;
  if (retryAfterMs !== null) reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
  if (code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  // A route may have described the file that it could not open, by these and by its type.
  for (const name of ofFiles) reply.removeHeader(name);
  reply.header('cache-control', 'no-store');
  const body = restErrorBody(code, retryAfterMs);
  return reply
    .code(errorCodes[code].httpStatus)
    .type('application/json; charset=utf-8')
    .send({ ...body, text: body.text + fault, ...(row !== null && { row }) });
}

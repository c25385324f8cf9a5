import { createServer, type Server } from 'node:http';
import { chatErrorCodes, type RestErrorCode } from '@everywire/chat';
import {
  addressKey,
  createClientAddresses,
  createHostPolicy,
  hasDuplicateHost,
  lingerBeforeClose,
  plainAddress,
  WebSocketUpgradeMessage,
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
import type { InFlightRequests } from './in-flight-requests.js';
import { nestsTooDeep } from './json-depth.js';
import type { ChatServerLimits } from './limits.js';
import type { Logger } from './logger.js';
import { RequestCounts } from './request-counts.js';
import { isRestPath } from './rest-path.js';
import { securityHeaders } from './security-headers.js';
import { storageCode } from './storage-code.js';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * The client's address, determined as the transports do. Fastify's `ip` is any text that a proxy forwards in
     * `X-Forwarded-For`, so a client could choose the key of its own limits and the logged address.
     */
    readonly clientAddress: string;
  }
}

/** Dependencies of `createHttpApp`. */
export interface HttpAppOptions {
  readonly limits: ChatServerLimits;
  readonly log: Logger;
  /** Addresses, networks or `unix`, whose `X-Forwarded-For` is trusted. Empty: none. */
  readonly trustedProxies: readonly string[];
  /** Host names that are accepted, see `hosts` of the transports. Default: all. */
  readonly hosts?: readonly string[];
  /** `null`: plain http. */
  readonly tls: TlsPair | null;
  /** Tracks requests to `/api/`. */
  readonly lasting: Pick<InFlightRequests, 'follow'>;
  /** Called at each answer 507 (disk full). */
  readonly onDiskFull?: () => void;
}

const serverOptions = {
  IncomingMessage: WebSocketUpgradeMessage,
  requestTimeout: 30_000,
  headersTimeout: 15_000,
  // Longer than the usual 60 s of a proxy, so that the proxy closes idle connections first. Otherwise it may send a
  // request on a connection that this server is closing, and answer 502.
  keepAliveTimeout: 72_000,
};

/** Node's own limit of a request's head, in bytes. */
const HEAD_BYTES_MAX = 16_384;

/** Replaces every path that cannot be decoded. No route has this path. */
const UNDECODABLE_PATH = '/undecodable';

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '');
    return true;
  } catch {
    return false;
  }
}

/**
 * Creates the HTTP server without its routes: limits, headers, the access log, and the conversion of errors to answers.
 */
export async function createHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const { limits, log, tls } = options;
  const addresses = createClientAddresses(options.trustedProxies);
  const app = fastify({
    logger: false,
    trustProxy: options.trustedProxies.length > 0 && addresses.isTrusted,
    bodyLimit: limits.restBodyBytesMax,
    // Effectively no limit here, so that the schema of a route refuses a long parameter like any other invalid one.
    routerOptions: { maxParamLength: HEAD_BYTES_MAX },
    // Fastify would answer a path that cannot be decoded before all hooks, so without the usual headers.
    rewriteUrl: ({ url = '/' }) => (isDecodable(url) ? url : UNDECODABLE_PATH),
    frameworkErrors: (error, _request, reply) => void answerError(error, reply, log),
    clientErrorHandler: answerUnparsed,
    serverFactory: (handler): Server => {
      if (tls === null) return createServer(serverOptions, handler);
      // Fastify and the transports treat it as the same kind of server.
      return createHttpsServer(serverOptions, tls, handler) as Server;
    },
    forceCloseConnections: 'idle',
  });
  app.decorateRequest('clientAddress', {
    getter(this: FastifyRequest) {
      return addresses.of(this.raw);
    },
  });
  app.setValidatorCompiler(compileRequestSchema);
  app.setSerializerCompiler(() => JSON.stringify);
  // Refuses a request with two Host headers, because a proxy in front may have used the other one. The transport closes
  // such a connection too.
  app.addHook('onRequest', async ({ raw }, reply) => {
    if (!hasDuplicateHost(raw.rawHeaders)) return;
    reply.header('connection', 'close');
    throw new RestRefusal('invalid');
  });
  const allowsHost = createHostPolicy(options.hosts ?? [], addresses.isProxy);
  app.addHook('onRequest', async ({ raw, url }) => {
    // Load balancers probe by any name, and the answer reveals nothing.
    if (url !== '/healthz' && url !== '/readyz' && !allowsHost(raw)) throw new RestRefusal('host_unknown');
  });
  app.addHook('onRequest', async ({ raw, url, headers }, reply) => {
    if (isRestPath(url)) options.lasting.follow(raw, reply.raw, parseAuthorization(headers.authorization));
  });
  app.addHook('onResponse', async (request, reply) => {
    const record = { method: request.method, url: request.url, status: reply.statusCode };
    if (reply.statusCode === chatErrorCodes.full.httpStatus) options.onDiskFull?.();
    log.info(
      accessLine({ ...record, durationMs: reply.elapsedTime, remoteAddress: plainAddress(request.clientAddress) }),
    );
  });
  app.addHook('onSend', async (request, reply) => {
    if (isRestPath(request.url) && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  // Cuts a stalled answer, which would keep a file open. The socket counts as idle while the client reads nothing (H11).
  app.addHook('onSend', async (_request, { raw }) => {
    raw.setTimeout(limits.answerStalledMs, () => raw.destroy());
  });
  // An oversized body is refused unread, and Fastify closes the connection after the answer.
  app.addHook('onSend', async (request, reply) => {
    if (reply.getHeader('connection') === 'close') lingerBeforeClose(request.raw, reply.raw);
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
  // Only REST routes are limited. The page is not, because many people behind one address may load its twenty files.
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

/** Our codes for the client errors that Fastify reports by status. */
const clientFaults: Readonly<Record<number, RestErrorCode>> = {
  400: 'invalid',
  // A static path that leaves the page's directory.
  403: 'not_found',
  404: 'not_found',
  405: 'not_found',
  413: 'too_long',
  415: 'invalid',
  429: 'rate_limited',
};

/** Status for a static file's range beyond its end. */
const RANGE_UNFIT = 416;

/** Answers without a body, like the routes of attachments. The error carries the size, as HTTP requires. */
function answerUnfitRange(
  error: FastifyError & { readonly headers?: Record<string, string> },
  reply: FastifyReply,
): FastifyReply {
  return reply
    .code(RANGE_UNFIT)
    .headers(error.headers ?? {})
    .send();
}

function answerError(error: FastifyError, reply: FastifyReply, log: Logger): FastifyReply {
  if (error instanceof RestRefusal) return answerRefusal(error, reply);
  const storage = storageCode(error);
  if (storage !== null) return answerRefusal(new RestRefusal(storage), reply);
  if (error.statusCode === RANGE_UNFIT) return answerUnfitRange(error, reply);
  const code = clientFaults[error.statusCode ?? (error.validation === undefined ? 500 : 400)];
  if (code !== undefined) return answerRefusal(new RestRefusal(code), reply, faultOf(error));
  log.error(withoutTokens(`A request failed: ${error.message}`), error);
  return answerRefusal(new RestRefusal('internal'), reply);
}

/**
 * Names the part of the request that does not match `/api/openapi.json`, for the developer of the client. Repeats no
 * value of it.
 */
function faultOf({ validationContext, code, message }: FastifyError): string {
  if (validationContext !== undefined) return ` (${validationContext}${message})`;
  return code?.startsWith('FST_ERR_CTP_') ? ` (${message})` : '';
}

/** Headers that only answers with a file have. */
const ofFiles = [
  ...['etag', 'last-modified', 'accept-ranges', 'content-disposition', 'content-encoding', 'content-range'],
] as const;

function answerRefusal(refusal: RestRefusal, reply: FastifyReply, fault = ''): FastifyReply {
  const { code, retryAfterMs, row } = refusal;
  if (retryAfterMs !== null) reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
  if (code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  // The route may already have set headers for a file that it then could not open.
  for (const name of ofFiles) reply.removeHeader(name);
  reply.header('cache-control', 'no-store');
  const body = restErrorBody(code, retryAfterMs);
  return reply
    .code(chatErrorCodes[code].httpStatus)
    .type('application/json; charset=utf-8')
    .send({ ...body, text: body.text + fault, ...(row !== null && { row }) });
}

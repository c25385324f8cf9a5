import { createServer, type Server } from 'node:http';
import { errorCodes, type RestErrorCode } from '@everywire/chat';
import { addressKey, letAnswerBeRead, plainAddress } from '@everywire/server/internal';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { accessLine } from './access-log.js';
import { withoutTokens } from './bearer-token.js';
import { compileRequestSchema } from './compile-request-schema.js';
import { RestRefusal, restErrorBody } from './error-codes.js';
import { createHttpsServer, type TlsPair } from './https-server.js';
import type { ChatServerLimits } from './limits.js';
import type { Log } from './log.js';
import { securityHeaders } from './security-headers.js';
import { storageCode } from './storage-code.js';

export interface HttpAppOptions {
  readonly limits: ChatServerLimits;
  readonly log: Log;
  /** Addresses or networks whose `X-Forwarded-For` is believed. Empty: nobody's. */
  readonly trustedProxies: readonly string[];
  /** `null`: plain http. */
  readonly tls: TlsPair | null;
}

const serverOptions = {
  requestTimeout: 30_000,
  headersTimeout: 15_000,
  // A proxy that keeps connections for its usual 60 s must be the one to end them, or it answers 502 now and then.
  keepAliveTimeout: 72_000,
};

/** The HTTP side without its routes: limits, headers, one line per request, one place where errors become answers. */
export async function createHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const { limits, log, tls } = options;
  const app = fastify({
    logger: false,
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    bodyLimit: limits.restBodyBytesMax,
    serverFactory: (handler): Server => {
      if (tls === null) return createServer(serverOptions, handler);
      // To Fastify and to the transports it is the same kind of server.
      return createHttpsServer(serverOptions, tls, handler) as Server;
    },
    forceCloseConnections: 'idle',
  });
  app.setValidatorCompiler(compileRequestSchema);
  app.setSerializerCompiler(() => JSON.stringify);
  app.addHook('onResponse', async (request, reply) => {
    const record = { method: request.method, url: request.url, status: reply.statusCode };
    log.info(accessLine({ ...record, durationMs: reply.elapsedTime, remoteAddress: plainAddress(request.ip) }));
  });
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
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
  app.setNotFoundHandler((_request, reply) => answerRefusal(new RestRefusal('not_found'), reply));
  await app.register(helmet, securityHeaders);
  app.removeContentTypeParser('text/plain');
  // Only the REST routes are counted: a page of twenty files, opened by an office behind one address, is no flood.
  await app.register(rateLimit, {
    global: false,
    max: limits.restRequestsPerMinute,
    timeWindow: 60_000,
    cache: limits.attemptKeysMax,
    keyGenerator: (request) => addressKey(request.ip),
    errorResponseBuilder: (_request, context) => new RestRefusal('rate_limited', context.ttl),
  });
  return app;
}

/** Fastify's own codes for what a client did wrong. */
const clientFaults: Readonly<Record<number, RestErrorCode>> = {
  400: 'invalid',
  404: 'not_found',
  405: 'not_found',
  413: 'too_long',
  415: 'invalid',
  429: 'rate_limited',
};

function answerError(error: FastifyError, reply: FastifyReply, log: Log): FastifyReply {
  if (error instanceof RestRefusal) return answerRefusal(error, reply);
  const storage = storageCode(error);
  if (storage !== null) return answerRefusal(new RestRefusal(storage), reply);
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

function answerRefusal(refusal: RestRefusal, reply: FastifyReply, fault = ''): FastifyReply {
  const { code, retryAfterMs, row } = refusal;
  if (retryAfterMs !== null) reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
  if (code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  const body = restErrorBody(code, retryAfterMs);
  return reply
    .code(errorCodes[code].httpStatus)
    .send({ ...body, text: body.text + fault, ...(row !== null && { row }) });
}

import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { FaultCounters } from './fault.js';

/**
 * Creates a proxy that forwards a response only when it is complete, as antivirus programs and some gateways do. It does not support
 * Upgrade: the server gets a plain GET. It does not listen; the caller passes connections with `emit('connection', socket)`.
 */
export function createWithholdingProxy(targetPort: number, counters: FaultCounters): Server {
  return createServer({ requestTimeout: 0, headersTimeout: 0 }, (asked, answer) => {
    counters.requests++;
    if (asked.headers.upgrade !== undefined) counters.blockedUpgrades++;
    const { upgrade: _upgrade, connection: _connection, ...headers } = asked.headers;
    const { method, url } = asked;
    const forwarded = request(
      { host: '127.0.0.1', port: targetPort, agent: false, method, path: url, headers },
      (response) => withhold(response, answer, counters),
    );
    forwarded.on('error', () => answer.destroy());
    answer.on('close', () => forwarded.destroy());
    asked.pipe(forwarded);
  });
}

function withhold(response: IncomingMessage, answer: ServerResponse, counters: FaultCounters): void {
  const body: Buffer[] = [];
  response.on('data', (piece: Buffer) => {
    counters.withheldBytes += piece.length;
    body.push(piece);
  });
  response.on('error', () => answer.destroy());
  response.on('end', () => {
    counters.withheldResponses++;
    const { 'transfer-encoding': _chunked, connection: _connection, ...headers } = response.headers;
    const whole = Buffer.concat(body);
    answer.writeHead(response.statusCode ?? 502, { ...headers, 'content-length': whole.length });
    answer.end(whole);
  });
}

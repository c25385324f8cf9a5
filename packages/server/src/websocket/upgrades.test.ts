import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { refuseUpgrade } from './upgrades.js';

/** Returns the answer to an upgrade with these headers that is refused with this status and code. */
function answerTo(headers: object, status: number, code: string): string {
  const socket = new PassThrough();
  refuseUpgrade({ headers } as IncomingMessage, socket, status, code);
  return String(socket.read());
}

describe('refuseUpgrade', () => {
  it('[TR-5.1] [TR-5.2] [TR-5.3] refuseUpgrade sends the headers of all answers, the length, and the error as JSON', () => {
    const [head = '', body = ''] = answerTo({}, 403, 'origin_refused').split('\r\n\r\n');
    expect(head.split('\r\n').slice(1)).toEqual([
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      'Cache-Control: no-store, no-transform',
      'X-Content-Type-Options: nosniff',
      'X-Accel-Buffering: no',
      'Referrer-Policy: no-referrer',
      `Content-Length: ${body.length}`,
    ]);
    expect(JSON.parse(body)).toEqual({ code: 'origin_refused', text: 'Forbidden' });
  });

  it('[TR-7.4] [TR-7.6] refuseUpgrade sends Vary for a request with an origin and allows no origin', () => {
    const answer = answerTo({ origin: 'https://other.example' }, 503, 'closing');
    expect(answer).toContain('\r\nVary: Origin\r\n');
    expect(answer).not.toContain('Access-Control');
  });

  it.each([
    [400, 'Bad Request'],
    [404, 'Not Found'],
    [414, 'URI Too Long'],
    [421, 'Misdirected Request'],
    [426, 'Upgrade Required'],
    [431, 'Request Header Fields Too Large'],
    [503, 'Service Unavailable'],
  ])('refuseUpgrade sends the reason phrase of status %i', (status, reason) => {
    expect(answerTo({}, status, 'code')).toMatch(new RegExp(`^HTTP/1\\.1 ${status} ${reason}\\r\\n`));
  });
});

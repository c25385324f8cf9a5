import type { BuiltInFault, Patch } from '../mutation.js';

/** A fault built into our server, and the only rule that the suite must find broken, in any of its parts. */
export interface Fault extends BuiltInFault {
  readonly rule: string;
  /** Rules that the fault inevitably breaks as well, at times. */
  readonly also?: readonly string[];
}

const incoming = 'packages/protocol/src/session/incoming.ts';
const state = 'packages/protocol/src/session/session-state.ts';
const delivery = 'packages/protocol/src/session/delivery.ts';
const server = 'packages/protocol/src/session/server-session.ts';
const writing = 'packages/protocol/src/session/server-writing.ts';
const parser = 'packages/protocol/src/frame/frame-parser.ts';

function fault(rule: string, name: string, file: string, find: string, put: string): Fault {
  return { rule, name, patches: [{ file, find, put }] };
}

/** Patches a parser to accept such frames in any direction and decode them correctly. */
function acceptingBoth(such: string): readonly Patch[] {
  return [
    {
      file: parser,
      find: '#headerBytesLeft = 0;\n  #key = 0;',
      put: '#headerBytesLeft = 0;\n  #key = 0;\n  #masked = false;',
    },
    {
      file: parser,
      find: 'if (masked !== this.#options.masked)',
      put: `this.#masked = masked;\n    if (masked !== this.#options.masked && !(${such}))`,
    },
    { file: parser, find: 'this.#options.masked ? KEY : PAYLOAD', put: 'this.#masked ? KEY : PAYLOAD' },
    { file: parser, find: 'if (this.#options.masked) applyMask', put: 'if (this.#masked) applyMask' },
  ];
}

const frameLink = 'packages/server/src/sockets/frame-link.ts';

export const faults: readonly Fault[] = [
  fault(
    'SN-6',
    'acknowledges before the handler has settled',
    incoming,
    'this.#ackSentBytes = this.#settledBytes;\n    return this.#settled;',
    'this.#ackSentBytes = this.#settledBytes;\n    return this.#received;',
  ),
  {
    rule: 'SN-2',
    name: 'accepts a body beyond a gap',
    patches: [
      { file: delivery, find: 'if (first > this.#incoming.received + 1) return taking;', put: '' },
      {
        file: delivery,
        find: 'const cursor = { in: first };',
        put: 'const cursor = { in: Math.min(first, this.#incoming.received + 1) };',
      },
    ],
  },
  fault(
    'SN-10',
    'repeats received messages when a session resumes',
    server,
    'const out = Math.max(record.received, this.flow.outgoing.acked) + 1;',
    'const out = this.flow.outgoing.acked + 1;',
  ),
  {
    ...fault(
      'SN-10',
      'loses messages in flight when a session changes its link',
      server,
      'const out = Math.max(record.received, this.flow.outgoing.acked) + 1;',
      'const out = this.flow.outgoing.written + 1;',
    ),
    also: ['SN-1', 'SN-11', 'SN-40'],
  },
  fault(
    'SN-9',
    'lets an attach with a lower number take over',
    'packages/protocol/src/session/server-links.ts',
    'return n < this.#top || ',
    'return n < 0 || ',
  ),
  fault(
    'SN-41',
    'answers a body with a wrong number',
    writing,
    '...attached, n, instance }',
    '...attached, n: 0, instance }',
  ),
  fault(
    'SN-41',
    'attaches a link with a wrong number',
    writing,
    'const { top: n, instance } = parts.links;',
    'const { instance } = parts.links;\n  const n = 1;',
  ),
  fault(
    'SN-42',
    'accepts clients of any version',
    'packages/protocol/src/session/session-registry.ts',
    'if (versioned && record.version !== WIRE_VERSION)',
    'if (record.version === 99)',
  ),
  fault(
    'SN-5',
    'states a wrong `seen` count',
    state,
    'const { acked: seen, written: sent } = outgoing;',
    'const { written: sent } = outgoing;\n    const seen = 0;',
  ),
  fault(
    'SN-20',
    'accepts a ticket twice',
    'packages/server/src/http/tickets.ts',
    'forget(entry);\n      return until',
    'return until',
  ),
  fault(
    'FR-11',
    'closes with 1002 on a message that is too big',
    'packages/protocol/src/frame/frame-error.ts',
    'message_too_big: 1009,',
    'message_too_big: 1002,',
  ),
  { rule: 'FR-1', name: 'accepts an unmasked frame', patches: acceptingBoth('!masked') },
  fault(
    'SN-15',
    'sends no heartbeat',
    writing,
    "else if (due === 'ping') link.io.writeRecord({ t: 'ping', at: link.out - 1, ...countsOf(parts) });",
    '',
  ),
  fault(
    'TR-7',
    'accepts every origin',
    'packages/server/src/http/origin-policy.ts',
    'if (isListed(origin))',
    'if (true)',
  ),
  fault('SN-4', 'reports every end of a session as clean', writing, 'clean: done.clean,', 'clean: true,'),
  fault(
    'TR-5',
    'allows caches to store its answers',
    'packages/server/src/http/http-answer.ts',
    "'cache-control': CACHE_CONTROL,",
    "'cache-control': 'private',",
  ),
  fault(
    'TR-1',
    'answers 400 to a WebSocket request without an upgrade',
    'packages/server/src/http/requests.ts',
    "fail(exchange, 426, 'upgrade_required', 'This address",
    "fail(exchange, 400, 'upgrade_required', 'This address",
  ),
  {
    ...fault(
      'TR-12',
      'lets an EventSource reconnect forever',
      'packages/server/src/http/requests.ts',
      'writeHead(204, answerHeaders',
      'writeHead(200, answerHeaders',
    ),
    also: ['SN-20'],
  },
  fault(
    'EN-23',
    'calls any JSONP callback',
    'packages/protocol/src/encoding/jsonp.ts',
    'export function isCallback(name: string): boolean {',
    'export function isCallback(name: string): boolean {\n  if (name) return true;',
  ),
  fault(
    'EN-13',
    'accepts base64 with nonzero unused bits',
    'packages/protocol/src/encoding/base64.ts',
    '(bits & ((1 << bitCount) - 1)) === 0',
    'true',
  ),
  fault(
    'TR-28',
    'reports errors to an XDomainRequest by their status',
    'packages/server/src/http/requests.ts',
    "endpoints.set('xdr-open', withoutStatus(endpoints.get('open') as Endpoint));",
    "endpoints.set('xdr-open', endpoints.get('open') as Endpoint);",
  ),
  {
    ...fault(
      'TR-30',
      'lets its documents load anything',
      'packages/server/src/http/envelope.ts',
      "'content-security-policy': `default-src 'none'; ",
      "'content-security-policy': `",
    ),
    // One check covers both the policy and the calls.
    also: ['EN-21'],
  },
  fault(
    'FR-22',
    'inflates beyond the limit',
    'packages/server/src/websocket/deflate.ts',
    '{ maxOutputLength: bytesMax }',
    '{}',
  ),
  fault(
    'FR-22',
    'compresses beyond the window of a client',
    'packages/server/src/websocket/deflate-encoding.ts',
    'const longest = 2 ** window - 1;',
    'const longest = 2 ** 15;',
  ),
  fault(
    'TR-44',
    'accepts a hello of any version',
    'packages/server/src/tcp/wording.ts',
    "line + 1, spoken: hello.trimEnd().split(' ').includes(sessionProtocol) }",
    'line + 1, spoken: true }',
  ),
  {
    rule: 'TR-41',
    name: 'accepts a masked frame over raw TCP',
    patches: acceptingBoth('masked'),
  },
  {
    ...fault(
      'TR-42',
      'answers a malformed hello',
      'packages/server/src/tcp/tcp-acceptor.ts',
      "host.onRefused(1002, 'no_hello');\n      this.#socket.destroy();",
      "host.onRefused(1002, 'no_hello');\n      this.#end('400');",
    ),
    // Includes near misses of a hello and of a policy request.
    also: ['TR-43', 'TR-44'],
  },
  fault(
    'TR-43',
    'lets movies of every subdomain connect',
    'packages/server/src/flash-socket/wording.ts',
    'domain="$',
    'domain="*.$',
  ),
  fault(
    'TR-18',
    'answers only the last ping of a tick, after its messages',
    frameLink,
    '=== 0 ? this.#host.limits.pongsMax : 0;',
    '=== 0 ? 0 : 0;',
  ),
  fault(
    'TR-48',
    'closes a connection when the client shuts down its writing side',
    'packages/server/src/http/request-gate.ts',
    'halfOpen.httpAllowHalfOpen = true;',
    'halfOpen.httpAllowHalfOpen = false;',
  ),
  fault(
    'TR-45',
    'waits for the client to close TCP after its close reply',
    frameLink,
    '      this.#sendClose(code === 1005 ? undefined : code);\n    }\n    this.#endSocket();',
    '      this.#sendClose(code === 1005 ? undefined : code);\n      this.#endSocket();\n    }',
  ),
  fault(
    'TR-46',
    'waits for a close reply after an error',
    frameLink,
    'this.#fail(closeCode);\n    }\n    this.#stop();\n    this.#endSocket();',
    'this.#fail(closeCode);\n    }\n    this.#stop();',
  ),
  fault(
    'TR-47',
    'keeps a connection for as long as its client sends',
    frameLink,
    'if (this.#state === STOPPED) return;',
    'if (this.#state === STOPPED) return;\n    if (this.#state === CLOSING) this.#awaitEnd();',
  ),
];

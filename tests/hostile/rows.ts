/**
 * One row of the list of hostile input that the transports and the chat must tolerate. The tests of a row have its id in
 * their names, such as `[W1]`. `rows.test.ts` checks that each row has a test.
 *
 * The letters: W WebSocket, H HTTP, P polls and POSTs, S event streams, J JSONP and frames, T raw TCP, R resumed sessions,
 * D data, A accounts, U uploads.
 */
export interface Row {
  readonly id: string;
  readonly what: string;
  /** Why it is not tested, or not completely. */
  readonly waits?: string;
  /** How the specification differs from the list, and which rule applies. */
  readonly differs?: string;
  /** Whether `npm test` runs it: two rows of each section; `npm run test:all` runs the others. */
  readonly quick?: true;
}

const gateway = 'the gateways to SockJS, Engine.IO and Socket.IO are not built';

export const rows: readonly Row[] = [
  { id: 'W1', quick: true, what: 'client frame without mask' },
  { id: 'W1b', what: 'server frame with mask' },
  { id: 'W2', what: 'reserved bits' },
  { id: 'W3', what: 'reserved opcodes' },
  { id: 'W4', what: 'fragmented control frame' },
  { id: 'W5', what: 'long control frame' },
  { id: 'W6', what: 'continuation of nothing, message in a message' },
  { id: 'W7', what: 'length with its highest bit set' },
  { id: 'W9', what: 'length above the limit' },
  { id: 'W10', what: 'announced length that drips in' },
  { id: 'W11', what: 'text that is not UTF-8' },
  { id: 'W12', what: 'characters split anywhere' },
  { id: 'W13', what: 'malformed close frames' },
  { id: 'W14', what: 'close codes never on the wire' },
  { id: 'W15', what: 'data after a close frame' },
  { id: 'W16', what: 'close that is never answered' },
  { id: 'W17', quick: true, what: 'flood of pings' },
  {
    id: 'W18',
    what: 'flood of fragments and empty messages',
    differs:
      'SN-22 announces the size of a message, so frames do not count against it: FR-12 bounds their number (1,024 times 64 bytes is that size)',
  },
  {
    id: 'W19',
    what: 'compressed bomb',
    differs: 'a message is at most 64 kB by default, which is undone in well under 1 ms: no thread is worth it',
  },
  { id: 'W20', what: 'offers of compression that cannot be granted' },
  {
    id: 'W21',
    what: 'damaged compressed data',
    differs: 'RFC 7692 section 7.2.3.4 allows a final block, so it is read',
  },
  { id: 'W22', what: 'compression windows of many connections' },
  { id: 'W23', what: 'subprotocols of spaces' },
  { id: 'W24', what: 'extensions with an open quote' },
  { id: 'W25', what: 'more headers than are counted' },
  { id: 'W26', what: 'wrong key or version' },
  { id: 'W27', what: 'upgrade elsewhere, by POST, by HTTP/1.0' },
  { id: 'W28', what: 'strange origins with cookies' },
  { id: 'W30', what: 'refused upgrade taken for a tunnel' },
  {
    id: 'W31',
    what: 'client that reads nothing',
    differs:
      'SN-15 and SN-23: the link ends after a heartbeat and a half with 1001, the session by its buffer with overflow',
  },
  { id: 'W32', what: 'many such readers of one room' },
  {
    id: 'W33',
    what: 'reset and half-open sockets',
    differs: 'SN-15: the server sends heartbeats every 15 s, a link is dead after one and a half',
  },
  { id: 'W34', what: 'predictable mask of our client' },
  { id: 'W35', what: 'packet with countless attachments', waits: gateway },
  { id: 'W36', quick: true, what: 'binary for text, empty messages' },
  { id: 'W37', what: 'TLS handshake that never ends' },
  { id: 'W38', what: 'pings as fast as they are read' },
  { id: 'H1', what: 'length and chunks' },
  { id: 'H2', what: 'lengths that are none' },
  { id: 'H3', what: 'codings that are none' },
  { id: 'H5', what: 'line ends and names that are none' },
  {
    id: 'H6',
    what: 'no host, two hosts, a strange host',
    differs: 'no address is ever built from Host, so a strange one is answered like any other',
  },
  { id: 'H7', quick: true, what: 'heads and addresses too large' },
  { id: 'H8', what: 'header named __proto__' },
  { id: 'H9', what: 'heads that drip in' },
  { id: 'H10', quick: true, what: 'bodies that drip in' },
  { id: 'H11', what: 'large files read slowly' },
  { id: 'H13', what: 'expectations' },
  { id: 'H14', what: 'strange targets and methods' },
  { id: 'H16', what: 'preflight for anything', waits: `the SockJS half: ${gateway}` },
  { id: 'H17', what: 'forged addresses' },
  { id: 'H18', what: 'compressed bodies' },
  { id: 'H19', what: 'HTTP/2 floods', waits: 'HTTP/2 is not spoken; a proxy in front has its own budget' },
  { id: 'H20', what: 'answers kept by a cache' },
  { id: 'H21', what: 'no file descriptors left' },
  { id: 'H23', what: 'a thousand ranges' },
  { id: 'H24', what: 'internal paths' },
  { id: 'H25', what: 'requests without end for a large document, and no answer read' },
  { id: 'H26', what: 'requests without end for a file, and no answer read' },
  { id: 'H27', what: 'ten thousand requests at once' },
  { id: 'H28', what: 'all connections of the server by one address' },
  { id: 'P1', what: 'two polls at once', waits: `the halves of SockJS and Engine.IO: ${gateway}` },
  { id: 'P2', what: 'poll repeated' },
  { id: 'P3', what: 'POST repeated' },
  { id: 'P5', what: 'body of 100 MB' },
  { id: 'P6', what: 'payload of ten million packets', waits: gateway },
  { id: 'P7', what: 'payload that lies about its length', waits: gateway },
  { id: 'P8', what: 'invalid bodies', waits: `the SockJS half: ${gateway}` },
  { id: 'P9', quick: true, what: 'JSON nested, wide or with a number of a megabyte' },
  { id: 'P10', what: 'form post from another site' },
  { id: 'P11', what: 'null origin, wildcard with credentials' },
  { id: 'P12', what: 'client that leaves in mid-answer' },
  {
    id: 'P13',
    what: 'sessions opened without end',
    differs:
      'TR-6 and SN-14: the oldest unconfirmed session of that address ends, what is refused is 200 with `busy`, not 429',
  },
  {
    id: 'P14',
    quick: true,
    what: 'invalid ids',
    differs: 'SN-4: a client with the id of an ended session gets its verdict for 60 s',
  },
  { id: 'P15', what: 'ids in addresses' },
  { id: 'P17', what: 'race of upgrade and poll', waits: gateway },
  { id: 'P18', what: 'streams that are collected on the way' },
  { id: 'P20', what: 'HTTP/1.0 and Connection: close' },
  { id: 'P21', what: 'polls that are answered at once, without end' },
  { id: 'P23', what: 'many large bodies that never end' },
  { id: 'P24', what: 'large bodies in chunks of empty lines' },
  { id: 'P25', what: 'large bodies in chunks of one byte' },
  { id: 'P22', what: 'bodies of nothing, without end' },
  { id: 'P26', what: 'questions for long answers, by many sessions of one person' },
  { id: 'S1', what: 'line ends in events' },
  { id: 'S3', what: 'spaces, marks and nothing in events' },
  { id: 'S4', what: 'forged Last-Event-ID' },
  { id: 'S5', what: 'fields of events from a message' },
  { id: 'S6', quick: true, what: 'slow and half-open readers of events' },
  {
    id: 'S7',
    what: 'seven tabs over HTTP/1.1',
    waits:
      'one stream for all tabs of a browser is not built; each tab falls back to polls where no connection is left',
  },
  { id: 'S8', what: 'endless reconnects' },
  {
    id: 'S10',
    what: 'HEAD, POST and pages instead of events',
    differs: 'TR-12: our own event stream may be asked for by POST',
  },
  { id: 'J1', what: 'invalid callbacks' },
  { id: 'J2', what: 'callback that is a Flash file' },
  { id: 'J3', what: 'markup as a callback' },
  { id: 'J5', what: 'charset that is guessed' },
  { id: 'J6', what: 'JSONP with cookies of another site' },
  { id: 'J7', what: 'messages between frames' },
  { id: 'J8', what: 'framing by others' },
  { id: 'J9', what: 'JSONP that sends by GET' },
  { id: 'T1', what: 'policy request of Flash' },
  { id: 'T3', what: 'other protocols on the raw port' },
  { id: 'T4', what: 'lengths and lines without end' },
  { id: 'T5', what: 'connections that never send the hello' },
  { id: 'T7', what: 'delimiters inside messages' },
  { id: 'T8', what: 'port 843' },
  { id: 'R1', what: 'ids of sessions guessed' },
  { id: 'R2', what: 'session named by the client' },
  {
    id: 'R3',
    what: 'former secret of a session',
    differs: 'SN-20: it is refused like one that never was; no audit is kept',
  },
  { id: 'R5', what: 'resuming before the oldest message kept' },
  {
    id: 'R6',
    what: 'two that come back at once',
    waits: 'several nodes share no sessions yet (SN-24, SN-25); on one node the later attach wins',
  },
  {
    id: 'R7',
    what: 'coming back while the owner is cut off',
    waits: 'several nodes share no sessions yet (SN-24, SN-25)',
  },
  { id: 'R8', what: 'resuming after sign-out' },
  { id: 'R9', quick: true, what: 'messages of a room after leaving it' },
  { id: 'R10', quick: true, what: 'command repeated' },
  { id: 'R12', what: 'resuming after very many messages' },
  {
    id: 'R13',
    what: 'all come back at once',
    differs: 'an attach reads nothing from the store, so nothing is rationed but what an address may open (P13)',
  },
  { id: 'R15', what: 'names that begin like others' },
  { id: 'R17', what: 'transport changed in the middle of a message' },
  { id: 'R18', what: 'unknown features and versions' },
  { id: 'D1', quick: true, what: '__proto__ and constructor' },
  { id: 'D2', what: 'placeholders for values' },
  { id: 'D4', what: 'very many keys, and one twice' },
  { id: 'D5', what: 'invalid numbers' },
  {
    id: 'D7',
    quick: true,
    what: 'names that look like others',
    differs:
      'names are compared in NFKC without case and kept to one script; what reads as plain letters is refused, so no skeletons are stored (docs/decisions/0502)',
  },
  { id: 'D8', what: 'direction turned in names' },
  { id: 'D10', what: 'links and nesting in Markdown' },
  { id: 'D12', what: 'commands in exports and logs', waits: 'the half of exports: nothing is exported as CSV' },
  { id: 'D13', what: 'texts of no byte and too many' },
  {
    id: 'D14',
    what: 'times that a client claims',
    differs: 'a command has no field for a time, and what it does not have is refused',
  },
  { id: 'A1', what: 'finding out which accounts exist' },
  {
    id: 'A2',
    quick: true,
    what: 'stuffing of passwords',
    differs:
      'attempts at a name come back one each 30 s instead of at growing pauses; who was signed in here before is not slowed',
  },
  { id: 'A3', what: 'passwords of a megabyte' },
  { id: 'A4', what: 'signed tokens that are forged' },
  { id: 'A5', quick: true, what: 'tokens in addresses and logs' },
  { id: 'A6', what: 'refresh tokens used twice', waits: 'there are none: a sign-in has one opaque token (SN-20)' },
  {
    id: 'A7',
    what: 'cookies',
    differs:
      'the only one reads files; it cannot be `__Host-` because it is kept to /api/files, and not Secure on plain http',
  },
  { id: 'A8', what: 'what belongs to others' },
  { id: 'A9', what: 'fields that may not be set' },
  { id: 'A10', what: 'objects where text is due' },
  { id: 'A12', what: 'removed members' },
  { id: 'A14', what: 'created and ended concurrently' },
  { id: 'A15', what: 'forged answers of a provider' },
  { id: 'A17', what: 'forged host in a mail' },
  { id: 'A18', what: 'claiming the first administrator' },
  { id: 'A19', what: 'files that others on the machine read' },
  { id: 'A20', what: 'scopes of bots', waits: 'there are no tokens of bots or webhooks' },
  { id: 'U1', quick: true, what: 'names that are paths' },
  { id: 'U2', quick: true, what: 'files that a browser runs' },
  { id: 'U3', what: 'pictures too large to decode' },
  { id: 'U4', what: 'archive that unpacks to very much', differs: 'nothing is unpacked' },
  { id: 'U6', what: 'parts of a form', differs: 'forms are not taken at all' },
  { id: 'U8', what: 'more than there is room for' },
  { id: 'U9', what: 'asking for a file by its hash', differs: 'equal files are kept apart' },
  { id: 'U10', what: 'file of a room one has left' },
  { id: 'U11', what: 'movie of nothing but boxes' },
  { id: 'U12', what: 'picture of nothing but beginnings of EXIF' },
  { id: 'U14', what: 'pictures and movies that are slow to inspect, of several people' },
];

const quickIds: ReadonlySet<string> = new Set(rows.filter(({ quick }) => quick).map(({ id }) => id));

/** Returns the tags of a test that is named after its rows: `wide`, unless `npm test` runs one of them. */
export function laneTags(name: string): string[] {
  const ids = [...name.matchAll(/\[(\w+)\]/g)].map(([, id = '']) => id);
  return ids.some((id) => quickIds.has(id)) ? [] : ['wide'];
}

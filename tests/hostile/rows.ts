/**
 * The list of hostile input that the transports have to bear: one row an id, in a word or two. A row is tested where the name of a
 * test carries its id; what of it waits says why.
 */
export interface Row {
  readonly id: string;
  readonly what: string;
  /** Why some of it, or all, is not tested. */
  readonly waits?: string;
  /** Where the specification asks for something else than the list, and which rule holds. */
  readonly differs?: string;
}

const gateway = 'the gateways to SockJS, Engine.IO and Socket.IO are not built';

export const rows: readonly Row[] = [
  { id: 'W1', what: 'client frame without mask' },
  { id: 'W1b', what: 'server frame with mask' },
  { id: 'W2', what: 'reserved bits' },
  { id: 'W3', what: 'reserved opcodes' },
  { id: 'W4', what: 'fragmented control frame' },
  { id: 'W5', what: 'long control frame' },
  { id: 'W6', what: 'continuation of nothing, message in a message' },
  { id: 'W7', what: 'length with its highest bit set' },
  { id: 'W9', what: 'length above the limit' },
  { id: 'W10', what: 'announced length that drips in' },
  { id: 'W11', what: 'text that is no UTF-8' },
  { id: 'W12', what: 'characters split anywhere' },
  { id: 'W13', what: 'malformed close frames' },
  { id: 'W14', what: 'close codes never on the wire' },
  { id: 'W15', what: 'data after a close frame' },
  { id: 'W16', what: 'close that is never answered' },
  { id: 'W17', what: 'flood of pings' },
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
  { id: 'W20', what: 'offers of compression that cannot be kept' },
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
    what: 'reader that takes nothing',
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
  { id: 'W36', what: 'binary for text, empty messages' },
  { id: 'W37', what: 'TLS handshake that never ends' },
  { id: 'H1', what: 'length and chunks' },
  { id: 'H2', what: 'lengths that are none' },
  { id: 'H3', what: 'codings that are none' },
  { id: 'H5', what: 'line ends and names that are none' },
  {
    id: 'H6',
    what: 'no host, two hosts, a strange host',
    differs: 'no address is ever built from Host, so a strange one is answered like any other',
  },
  { id: 'H7', what: 'heads and addresses too large' },
  { id: 'H8', what: 'header named __proto__' },
  { id: 'H9', what: 'heads that drip in' },
  { id: 'H10', what: 'bodies that drip in' },
  {
    id: 'H11',
    what: 'large files read slowly',
    waits: 'a file goes through a stream that waits for its reader; who takes nothing for ever is not cut yet',
  },
  { id: 'H13', what: 'expectations' },
  { id: 'H14', what: 'strange targets and methods' },
  { id: 'H16', what: 'preflight for anything', waits: `the SockJS half: ${gateway}` },
  { id: 'H17', what: 'forged addresses' },
  { id: 'H18', what: 'compressed bodies' },
  { id: 'H19', what: 'HTTP/2 floods', waits: 'HTTP/2 is not spoken; a proxy in front has its own budget' },
  { id: 'H20', what: 'answers kept by a cache' },
  { id: 'H21', what: 'no file descriptors left' },
  { id: 'H23', what: 'a thousand ranges' },
  { id: 'H24', what: 'what nobody is to see' },
  { id: 'P1', what: 'two polls at once', waits: `the halves of SockJS and Engine.IO: ${gateway}` },
  { id: 'P2', what: 'poll repeated' },
  { id: 'P3', what: 'POST repeated' },
  { id: 'P5', what: 'body of 100 MB' },
  { id: 'P6', what: 'payload of ten million packets', waits: gateway },
  { id: 'P7', what: 'payload that lies about its length', waits: gateway },
  { id: 'P8', what: 'bodies that are no carriers', waits: `the SockJS half: ${gateway}` },
  { id: 'P9', what: 'JSON nested, wide or with a number of a megabyte' },
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
    what: 'ids that are none',
    differs: 'SN-4: who has the id of an ended session hears its verdict for 60 s',
  },
  { id: 'P15', what: 'ids in addresses' },
  { id: 'P17', what: 'race of upgrade and poll', waits: gateway },
  { id: 'P18', what: 'streams that are collected on the way' },
  { id: 'P20', what: 'HTTP/1.0 and Connection: close' },
  { id: 'S1', what: 'line ends in events' },
  { id: 'S3', what: 'spaces, marks and nothing in events' },
  { id: 'S4', what: 'forged Last-Event-ID' },
  { id: 'S5', what: 'fields of events from a message' },
  { id: 'S6', what: 'slow and half-open readers of events' },
  {
    id: 'S7',
    what: 'seven tabs over HTTP/1.1',
    waits:
      'one stream for all tabs of a browser is not built; each tab falls back to polls where no connection is left',
  },
  { id: 'S8', what: 'coming again for ever' },
  {
    id: 'S10',
    what: 'HEAD, POST and pages instead of events',
    differs: 'TR-12: our own event stream may be asked for by POST',
  },
  { id: 'J1', what: 'callbacks that are none' },
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
  { id: 'T5', what: 'connections that never say hello' },
  { id: 'T7', what: 'delimiters inside messages' },
  { id: 'T8', what: 'port 843' },
];

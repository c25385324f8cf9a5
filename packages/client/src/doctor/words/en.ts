import type { FindingWords, Words } from './words.js';

const nginxUpgrade =
  'nginx, in the location of the server: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';
const nginxStream =
  'nginx: proxy_buffering off; and no module that changes what the server answers with, such as sub_filter.';
const antivirus =
  'On one computer only: a virus scanner or a proxy of the company that reads along. Use https, or exempt this address.';
const tlsHelps = 'https hides what is inside from most of what stands between: serve the chat over it.';

const findings: FindingWords = {
  websocket_refused: ({ status }) => ({
    what: `WebSockets are refused${status === undefined ? '' : ` with status ${status}`}. Conversations go by a slower way.`,
    change: [
      nginxUpgrade,
      'HAProxy: nothing is needed for WebSockets; look for a rule that denies this request.',
      tlsHelps,
    ],
  }),
  websocket_stripped: () => ({
    what: 'The request for a WebSocket arrives without its Upgrade header. Something between takes it for an ordinary request.',
    change: [nginxUpgrade, 'Apache: ProxyPass with upgrade=websocket. HAProxy passes it by itself.'],
  }),
  websocket_dies: ({ ms }) => ({
    what: `A WebSocket opens and is ended after ${ms} ms by something between.`,
    change: ['nginx: proxy_read_timeout 75s; HAProxy: timeout tunnel 75s.', tlsHelps],
  }),
  websocket_silent: () => ({
    what: 'A WebSocket opens, and nothing that is sent on it arrives. Something between answers for the server without understanding WebSockets.',
    change: [tlsHelps, antivirus],
  }),
  stream_buffered: () => ({
    what: 'An answer that should arrive bit by bit is held until it is complete. Where there is no WebSocket, messages come by long polling.',
    change: [nginxStream, 'HAProxy: no option http-buffer-request on this path, and no compression.', antivirus],
  }),
  stream_gathered: ({ ms }) => ({
    what: `An answer is passed on in lumps: what is small waits until more has come, here for ${ms} ms.`,
    change: [nginxStream, antivirus],
  }),
  stream_beheaded: () => ({
    what: 'The beginning of an answer does not arrive. Something between reads it and keeps it.',
    change: [antivirus, tlsHelps],
  }),
  stream_cut: ({ ms, status }) => ({
    what: `An answer ends before its end, after ${ms} ms${status === undefined ? '' : `, with status ${status}`}.`,
    change: ['nginx: proxy_read_timeout 75s; HAProxy: timeout server 75s.'],
  }),
  body_limited: ({ passed, refused, status }) => ({
    what: `Requests of ${refused} bytes are refused${status === undefined ? '' : ` with status ${status}`}; ${passed} bytes pass. Long messages go in small parts, or by WebSocket.`,
    change: ['nginx: client_max_body_size 4m; a firewall for web applications: raise the limit for this path.'],
  }),
  idle_cut: ({ ms }) => ({
    what: `A connection on which nothing passes is cut after ${ms} ms. Pages in the background, which speak every 45 s, connect anew each time.`,
    change: [
      'nginx: proxy_read_timeout 75s; proxy_send_timeout 75s. HAProxy: timeout client 75s, timeout server 75s, timeout tunnel 75s.',
      'Or let both sides speak more often: the limits heartbeatMs and heartbeatHiddenMs of createWireServer below that time.',
    ],
  }),
  few_connections: () => ({
    what: 'A request has to wait until another one is over: the connections of the browser to this server are used up, mostly by other tabs.',
    change: [
      'Serve by HTTP/2 (nginx: http2 on;), where tabs share one connection.',
      'Close other tabs of this server.',
    ],
  }),
  posts_replayed: () => ({
    what: 'Each request arrives at the server more than once. Messages are still delivered once; it costs twice the traffic.',
    change: [
      'nginx: proxy_next_upstream off; and no mirror on this path.',
      'HAProxy: retries 0, no option redispatch.',
    ],
  }),
  unsteady: () => ({
    what: 'Some requests get no answer at all, whatever their size.',
    change: ['Look at the connection: Wi-Fi, VPN, a proxy that is overloaded.'],
  }),
  sign_in_page: ({ host, status }) => ({
    what: `This network shows a page of its own${host === undefined ? '' : ` (${host})`} in place of every answer (status ${status}): it wants somebody to sign in first.`,
    change: ['Open any page in a browser, sign in to the network there, and try again.'],
  }),
  other_page: ({ status, type }) => ({
    what: `Something else answers in place of the server: status ${status}${type === undefined ? '' : `, ${type}`}.`,
    change: ['Check the address. It ends with the path of the server, /everywire where nobody changed it.'],
  }),
  redirected: ({ to }) => ({
    what: `The server has moved to ${to}.`,
    change: ['Use that address, with https if it says so: what is posted does not follow a redirect.'],
  }),
  not_attached: () => ({
    what: 'A web server answers here, with 404: no Everywire server is at this path.',
    change: [
      'Check the path, and that the program calls attach(server) on the server that listens here.',
      'nginx: a location for this path with proxy_pass, without a path behind the port.',
    ],
  }),
  wrong_path: ({ server }) => ({ what: `The path is wrong. The server is at ${server}.`, change: [`Use ${server}.`] }),
  no_doctor: () => ({
    what: 'An Everywire server answers, and has nothing for a doctor: it is older than this one.',
    change: ['Update the server. Conversations may still work.'],
  }),
  method_refused: ({ status }) => ({
    what: `Requests that send something are refused with status ${status}, before they reach the server.`,
    change: ['Check the path first. A firewall for web applications must let POST through to it.'],
  }),
  password_asked: ({ status }) => ({
    what: `A password is asked for on the way (status ${status}), and requests of a page cannot give it.`,
    change: [
      'Exempt the path of the server from it: nginx: auth_basic off;',
      '407 is the own proxy of the company: sign in to it.',
    ],
  }),
  gateway: ({ status }) => ({
    what: `A proxy answers with ${status}: it does not reach the server behind it.`,
    change: ['See that the server runs, and that proxy_pass (nginx) or server (HAProxy) names its address and port.'],
  }),
  busy: () => ({
    what: 'The server has reached one of its limits (503 busy).',
    change: ['Try again; the log of the server names the limit.'],
  }),
  closing: () => ({ what: 'The server is being stopped (503 closing).', change: ['Try again in a minute.'] }),
  host_unknown: () => ({
    what: 'The server does not know the name by which it was asked (421).',
    change: ['Name it in the setting "hosts"; behind nginx: proxy_set_header Host $host;'],
  }),
  origin_refused: ({ page = 'this page' }) => ({
    what: `The server does not take pages of ${page}.`,
    change: ['Name that origin in its setting "origins".'],
  }),
  no_cors: ({ page }) => ({
    what: `Something answers, and does not allow pages of ${page} to read it.`,
    change: [
      'Name that origin in the setting "origins" of the server.',
      'If it is named there, a proxy answers in its place: ask from the command line, everywire doctor URL, which may read the answer.',
    ],
  }),
  mixed_content: () => ({
    what: 'This page came by https, and browsers do not let such a page ask a server by http.',
    change: ['Give the server a certificate, and use its https address.'],
  }),
  offline: () => ({ what: 'This device has no network.', change: ['Turn on Wi-Fi or mobile data.'] }),
  unreachable: () => ({
    what: 'Nothing can be reached at this address. A browser does not say why: no such name, nothing that listens, or a certificate that it does not trust.',
    change: [
      'Open the address itself in a tab: the browser then says what it is.',
      'everywire doctor URL on this computer tells them apart.',
    ],
  }),
  host_not_found: () => ({
    what: 'The name of the server is not known in DNS.',
    change: ['Check its spelling, and the DNS entry.'],
  }),
  port_closed: () => ({
    what: 'The host is there, and nothing listens on this port.',
    change: ['Start the server, or correct the port. In a container, publish the port.'],
  }),
  connection_cut: ({ error }) => ({
    what: `The connection is cut before an answer comes${error === undefined ? '' : ` (${error})`}.`,
    change: ['Check the address: http or https, and the port.', antivirus],
  }),
  no_answer: () => ({
    what: 'No answer comes at all: a firewall drops the packets, or the host is off.',
    change: ['Open the port in the firewall of the server and of its provider.'],
  }),
  tls_untrusted: ({ error }) => ({
    what: `The certificate is signed by nobody whom this computer trusts (${error}): it is self-signed, a part of its chain is missing, or something on the way reads what is encrypted.`,
    change: [
      'Your own server: give it the whole chain (fullchain.pem), or a certificate of a public authority.',
      'A network that reads along: have its root certificate installed (Node: NODE_EXTRA_CA_CERTS), or use another network.',
    ],
  }),
  tls_expired: () => ({
    what: 'The certificate is not valid today.',
    change: ['Renew it, and see that the clock of this computer is right.'],
  }),
  tls_name: () => ({
    what: 'The certificate is for another name than that of the address.',
    change: ['Use a name that the certificate lists, or get one for this name.'],
  }),
  tls_missing: () => ({
    what: 'The port does not speak TLS, and the address says https.',
    change: ['Use http, or the port that speaks TLS.'],
  }),
};

export const en: Words = {
  clear: (ms) => `Nothing found: WebSocket, streams and requests pass as they should. An answer takes ${ms} ms.`,
  hindered: (transport) => `Conversations get through, by ${transport}, but not everything passes as it should.`,
  transports: { websocket: 'WebSocket', 'fetch-stream': 'streaming', 'long-poll': 'long polling' },
  blocked: 'Nothing gets through to a server here.',
  findings,
};

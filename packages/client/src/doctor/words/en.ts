import type { DoctorWords, FindingWords } from './words.js';

const NGINX_UPGRADE =
  'nginx, in the location of the server: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';
const NGINX_STREAM = 'nginx: proxy_buffering off; and no module that changes responses, such as sub_filter.';
const ANTIVIRUS =
  'On a single computer: a virus scanner or company proxy that inspects traffic. Use https, or exempt this address.';
const TLS_HELPS = 'Serve the chat over https: most devices on the path cannot interfere with it.';

const findings: FindingWords = {
  websocket_refused: ({ status }) => ({
    what: `WebSockets are refused${status === undefined ? '' : ` with status ${status}`}. Conversations use a slower connection.`,
    change: [
      NGINX_UPGRADE,
      'HAProxy: nothing is needed for WebSockets; check for a rule that denies this request.',
      TLS_HELPS,
    ],
  }),
  websocket_stripped: () => ({
    what: 'The request for a WebSocket arrives without its Upgrade header. A device on the path treats it as an ordinary request.',
    change: [NGINX_UPGRADE, 'Apache: ProxyPass with upgrade=websocket. HAProxy forwards it by default.'],
  }),
  websocket_dies: ({ ms }) => ({
    what: `A WebSocket opens, but a device on the path closes it after ${ms} ms.`,
    change: ['nginx: proxy_read_timeout 75s; HAProxy: timeout tunnel 75s.', TLS_HELPS],
  }),
  websocket_silent: () => ({
    what: 'A WebSocket opens, but no data arrives. A device on the path answers instead of the server but does not support WebSockets.',
    change: [TLS_HELPS, ANTIVIRUS],
  }),
  stream_buffered: () => ({
    what: 'Streaming responses are delayed until they are complete. Without a WebSocket, messages arrive by long polling.',
    change: [NGINX_STREAM, 'HAProxy: no option http-buffer-request on this path, and no compression.', ANTIVIRUS],
  }),
  stream_gathered: ({ ms }) => ({
    what: `Streaming responses arrive in larger pieces: small messages are delayed, here by ${ms} ms.`,
    change: [NGINX_STREAM, ANTIVIRUS],
  }),
  stream_beheaded: () => ({
    what: 'The beginning of a response does not arrive. A device on the path reads and keeps it.',
    change: [ANTIVIRUS, TLS_HELPS],
  }),
  stream_cut: ({ ms, status }) => ({
    what: `A response is cut off after ${ms} ms${status === undefined ? '' : `, with status ${status}`}.`,
    change: ['nginx: proxy_read_timeout 75s; HAProxy: timeout server 75s.'],
  }),
  body_limited: ({ passed, refused, status }) => ({
    what: `Requests of ${refused} bytes are refused${status === undefined ? '' : ` with status ${status}`}; ${passed} bytes pass. Long messages are sent in small parts, or by WebSocket.`,
    change: ['nginx: client_max_body_size 4m; web application firewall: raise the limit for this path.'],
  }),
  idle_cut: ({ ms }) => ({
    what: `Idle connections are cut after ${ms} ms. Background pages, which send data every 45 s, have to reconnect each time.`,
    change: [
      'nginx: proxy_read_timeout 75s; proxy_send_timeout 75s. HAProxy: timeout client 75s, timeout server 75s, timeout tunnel 75s.',
      'Or set the limits heartbeatMs and heartbeatHiddenMs of createWireServer below that time.',
    ],
  }),
  few_connections: () => ({
    what: 'Requests have to wait for each other: the browser has no free connection to this server, mostly because of other tabs.',
    change: [
      'Serve over HTTP/2 (nginx: http2 on;), so that tabs share one connection.',
      'Close other tabs of this server.',
    ],
  }),
  posts_replayed: () => ({
    what: 'Each request arrives at the server more than once. Messages are still delivered once, but the traffic doubles.',
    change: [
      'nginx: proxy_next_upstream off; and no mirror on this path.',
      'HAProxy: retries 0, no option redispatch.',
    ],
  }),
  unsteady: () => ({
    what: 'Some requests get no answer, regardless of their size.',
    change: ['Check the connection: Wi-Fi, VPN, an overloaded proxy.'],
  }),
  sign_in_page: ({ host, status }) => ({
    what: `This network shows its own page${host === undefined ? '' : ` (${host})`} instead of every response (status ${status}): you have to sign in to it first.`,
    change: ['Open any page in a browser, sign in to the network, and try again.'],
  }),
  other_page: ({ status, type }) => ({
    what: `Something other than the server answers: status ${status}${type === undefined ? '' : `, ${type}`}.`,
    change: ['Check the address. It must end with the path of the server, by default /everywire.'],
  }),
  redirected: ({ to }) => ({
    what: `The server has moved to ${to}.`,
    change: ['Use exactly that address, including https: posted data does not follow redirects.'],
  }),
  not_attached: () => ({
    what: 'A web server answers with 404: there is no Everywire server at this path.',
    change: [
      'Check the path, and that the program calls attach(server) with the server that listens here.',
      'nginx: a location for this path with proxy_pass, without a path after the port.',
    ],
  }),
  wrong_path: ({ server }) => ({ what: `The path is wrong. The server is at ${server}.`, change: [`Use ${server}.`] }),
  no_doctor: () => ({
    what: 'An Everywire server answers, but it is too old to support this examination.',
    change: ['Update the server. Conversations may still work.'],
  }),
  method_refused: ({ status }) => ({
    what: `POST requests are refused with status ${status} before they reach the server.`,
    change: ['Check the path first. A web application firewall must allow POST requests to it.'],
  }),
  password_asked: ({ status }) => ({
    what: `A device on the path requires a password (status ${status}), which requests of a page cannot supply.`,
    change: [
      'Exempt the path of the server (nginx: auth_basic off;).',
      'Status 407 comes from the proxy of your company: sign in to it.',
    ],
  }),
  gateway: ({ status }) => ({
    what: `A proxy answers with ${status}: it does not reach the server behind it.`,
    change: ['Check that the server runs, and that proxy_pass (nginx) or server (HAProxy) names its address and port.'],
  }),
  busy: () => ({
    what: 'The server has reached one of its limits (503 busy).',
    change: ['Try again. The log of the server names the limit.'],
  }),
  closing: () => ({ what: 'The server is being stopped (503 closing).', change: ['Try again in a minute.'] }),
  host_unknown: () => ({
    what: 'The server does not accept this host name (421).',
    change: ['Add it to the setting "hosts"; behind nginx: proxy_set_header Host $host;'],
  }),
  origin_refused: ({ page = 'this page' }) => ({
    what: `The server does not accept pages of ${page}.`,
    change: ['Add that origin to its setting "origins".'],
  }),
  no_cors: ({ page }) => ({
    what: `Something answers, but does not allow pages of ${page} to read the response.`,
    change: [
      'Add that origin to the setting "origins" of the server.',
      'If it is listed there, a proxy answers instead. Run everywire doctor URL on the command line, which can read the response.',
    ],
  }),
  mixed_content: () => ({
    what: 'This page was loaded over https, and browsers do not allow such a page to use a server over http.',
    change: ['Install a certificate on the server, and use its https address.'],
  }),
  offline: () => ({ what: 'This device has no network.', change: ['Turn on Wi-Fi or mobile data.'] }),
  unreachable: () => ({
    what: 'This address cannot be reached. A browser does not state why: an unknown name, a closed port, or an untrusted certificate.',
    change: [
      'Open the address in a tab: the browser then shows the reason.',
      'Run everywire doctor URL on this computer to find the reason.',
    ],
  }),
  host_not_found: () => ({
    what: 'DNS does not know the name of the server.',
    change: ['Check its spelling, and the DNS entry.'],
  }),
  port_closed: () => ({
    what: 'The host answers, but nothing listens on this port.',
    change: ['Start the server, or correct the port. In a container, publish the port.'],
  }),
  connection_cut: ({ error }) => ({
    what: `The connection is cut before an answer arrives${error === undefined ? '' : ` (${error})`}.`,
    change: ['Check the address: http or https, and the port.', ANTIVIRUS],
  }),
  no_answer: () => ({
    what: 'No answer arrives: a firewall drops the packets, or the host is off.',
    change: ['Open the port in the firewall of the server and of its provider.'],
  }),
  tls_untrusted: ({ error }) => ({
    what: `This computer does not trust the certificate (${error}): it is self-signed, its chain is incomplete, or a device on the path inspects encrypted traffic.`,
    change: [
      'Your own server: configure the whole chain (fullchain.pem), or use a certificate of a public authority.',
      'A network that inspects traffic: install its root certificate (Node: NODE_EXTRA_CA_CERTS), or use another network.',
    ],
  }),
  tls_expired: () => ({
    what: 'The certificate is not valid today.',
    change: ['Renew it, and check the clock of this computer.'],
  }),
  tls_name: () => ({
    what: 'The certificate is for another name than the one in the address.',
    change: ['Use a name that the certificate lists, or get a certificate for this name.'],
  }),
  tls_missing: () => ({
    what: 'The address is https, but the port does not support TLS.',
    change: ['Use http, or the port that supports TLS.'],
  }),
};

/** English texts. */
export const en: DoctorWords = {
  clear: (ms) => `No problems found: WebSocket, streams and requests work. The round trip is ${ms} ms.`,
  hindered: (transport) => `Conversations get through, by ${transport}, but not everything works as it should.`,
  transports: { websocket: 'WebSocket', 'fetch-stream': 'streaming', 'long-poll': 'long polling' },
  blocked: 'The server cannot be reached from here.',
  findings,
};

/** One publisher, by WebSocket, to each of 200, whatever they use. */
const each = ['--mode', 'fan', '--n', '200'];

/**
 * A downstream link over HTTP, compared with peers' links of the same kind; `transport` is one name for all or one per
 * peer.
 */
function http(transport, text, args, goal) {
  const polls = transport === 'poll' || transport.socketio;
  return {
    text,
    args: [...each, ...args],
    goal,
    transport,
    base: 'sockjs',
    peers: ['sockjs', ...(polls ? ['socketio'] : []), 'everywire'],
  };
}

/** Each other stream, compared with the SockJS stream that a browser would use instead. */
function stream(ours, theirs) {
  const text = `${ours} next to SockJS's ${theirs}, 1 to 200, 100 a second`;
  return http({ sockjs: theirs, everywire: ours }, text, ['--rate', '100'], 0.65);
}

/** Each other poll, likewise. */
function poll(ours, theirs, text = `${ours} next to SockJS's ${theirs.sockjs}`, args = []) {
  return http({ ...theirs, everywire: ours }, `${text}, 1 to 200, 20 a second`, ['--rate', '20', ...args], 0.65);
}

/** A fan-out from one to a thousand. */
function fan(text, args, base, goal) {
  return {
    text: `fan-out, 1 to 1,000, ${text}`,
    args: ['--mode', 'fan', '--n', '1000', ...args],
    base,
    goal,
    floor: true,
  };
}

/** A thousand users in pairs, each sending to the other. */
function relay(text, args, goal) {
  return { text: `relay, 1,000 users in pairs, ${text}`, args: ['--n', '1000', ...args], goal, floor: true };
}

/** The cost of the peer's clients at our gateway, compared with the peer's own server. */
function gateway(peer, { text, args, transport }) {
  const goal = args.includes('idle') ? null : 0.8;
  return {
    text: `${peer} and its gateway: ${text}`,
    args,
    transport,
    base: peer,
    goal,
    peers: [peer, `${peer}-gateway`],
  };
}

const loads = {
  fan: fan('200 a second, one per tick', ['--rate', '200']),
  bursts: fan('bursts of 20, 100 a second', ['--rate', '100', '--burst', '20']),
  relay: relay('20,000 a second', ['--mode', 'relayrate', '--rate', '20000']),
  // Socket.IO's own server is saturated by more.
  halfRelay: relay('10,000 a second', ['--mode', 'relayrate', '--rate', '10000']),
  stream: { text: 'streaming, 1 to 200, 100 a second', args: [...each, '--rate', '100'], transport: 'stream' },
  poll: { text: 'polling, 1 to 200, 20 a second', args: [...each, '--rate', '20'], transport: 'poll' },
  idle: { text: '2,000 idle connections', args: ['--mode', 'idle', '--n', '2000', '--settle', '4'] },
};

/** How long a message takes from one peer to another. */
function latency(text, args, peers = ['ws', 'everywire']) {
  return { text: `latency, ${text}`, args, figure: 'p99_us', goal: 1.2, peers };
}

/** One message to each of 200, over each of our transports; the last recipient may wait a tick longer. */
function latencyOfEach(text, rate) {
  const ours = ['', ':stream', ':events', ':xhr', ':multipart', ':iframe'].map((name) => `everywire${name}`);
  const load = latency(`1 to each of 200, ${text}`, [...each, '--rate', rate], ['ws', ...ours]);
  return { ...load, turnOf: 200 };
}

/** Polling where a round trip takes 200 ms, from user to user: two of them, and 20 ms for all else. */
function latencyFarAway(text, rate) {
  const polls = ['sockjs:poll', 'socketio:poll', 'everywire:poll', 'everywire:jsonp'];
  const load = latency(`200 ms round trip, ${text}`, [...each, '--delay', '100', '--rate', rate], polls);
  return { ...load, goal: null, mostUs: 420_000, base: 'sockjs:poll' };
}

/**
 * Named loads. `goal` is the maximum ratio of our figure to the base's in the same run; the base is `ws` by default.
 * `floor`: also measures the kernel's limit and Bun. `figure`: the compared figure, by default CPU time. `turnOf`: the
 * time of this many deliveries is added to the goal. `mostUs`: an absolute goal. A peer may name its transport.
 */
export const workloads = {
  w1r50: fan('50 a second, one per tick', ['--rate', '50'], 'c-floor', 1.3),
  w1r200: fan('200 a second, one per tick', ['--rate', '200'], 'c-floor', 1.3),
  w1max: fan('maximum speed, window 16', ['--window', '16'], 'bun', 1),
  w5b20: fan('bursts of 20, 100 a second', ['--rate', '100', '--burst', '20'], 'bun', 1),
  w2pp: relay('ping-pong', ['--mode', 'relay'], 0.65),
  w2r20k: relay('20,000 a second', ['--mode', 'relayrate', '--rate', '20000'], 0.9),
  w4s20: http('stream', 'streaming, 1 to 200, 20 a second', ['--rate', '20'], 0.6),
  w4s100: http('stream', 'streaming, 1 to 200, 100 a second', ['--rate', '100'], 0.6),
  w4sb20: http('stream', 'streaming, 1 to 200, bursts of 20', ['--rate', '100', '--burst', '20'], 0.6),
  w4p20: http('poll', 'long polling, 1 to 200, 20 a second', ['--rate', '20'], 0.65),
  w4p100: http('poll', 'long polling, 1 to 200, 100 a second', ['--rate', '100'], 0.65),
  w4pb20: http('poll', 'long polling, 1 to 200, bursts of 20', ['--rate', '100', '--burst', '20'], 0.65),
  w4events: stream('events', 'events'),
  w4xhr: stream('xhr', 'stream'),
  w4multipart: stream('multipart', 'stream'),
  w4iframe: stream('iframe', 'htmlfile'),
  w4htmlfile: stream('htmlfile', 'htmlfile'),
  w4xdr: stream('xdr', 'stream'),
  w4xdrpoll: poll('xdrpoll', { sockjs: 'poll' }),
  w4jsonp: poll('jsonp', { sockjs: 'jsonp' }),
  // No peer has short polling, so their polls run at the same pace.
  w4short: poll('short', { sockjs: 'poll', socketio: 'poll' }, 'short polling, twice a second', ['--pace', '500']),
  w6relay: latency('relay, idle', ['--mode', 'relayrate', '--n', '100', '--rate', '200']),
  w6half: latency('relay, half load', ['--mode', 'relayrate', '--n', '1000', '--rate', '15000']),
  w6fan: latencyOfEach('idle', '20'),
  w6fanhalf: latencyOfEach('half load', '200'),
  w6far: latencyFarAway('idle', '20'),
  w6farhalf: latencyFarAway('half load', '80'),
  g1fan: gateway('sockjs', loads.fan),
  g1bursts: gateway('sockjs', loads.bursts),
  g1relay: gateway('sockjs', loads.relay),
  g1stream: gateway('sockjs', loads.stream),
  g1poll: gateway('sockjs', loads.poll),
  g1idle: gateway('sockjs', loads.idle),
  g2fan: gateway('socketio', loads.fan),
  g2bursts: gateway('socketio', loads.bursts),
  g2relay: gateway('socketio', loads.halfRelay),
  g2poll: gateway('socketio', loads.poll),
  g2idle: gateway('socketio', loads.idle),
  w3idle: {
    text: '10,000 idle connections',
    args: ['--mode', 'idle', '--n', '10000', '--settle', '4'],
    goal: null,
    floor: true,
  },
};

export const peers = [
  ...['c-floor', 'c-gathered', 'bun', 'ws', 'socketio', 'socketio-gateway', 'sockjs', 'sockjs-gateway', 'everywire'],
];
/** Those that are measured only where a load says so. */
export const floorPeers = ['c-floor', 'c-gathered', 'bun'];

/**
 * Named loads. `goal` is the most that our figure may be of the base's in the same run; the base is `ws`, or for a way down by HTTP
 * `sockjs` by the same way. There subscribers use the transport named, and the publisher a WebSocket.
 */
function http(transport, text, args, goal) {
  return {
    text,
    args: ['--mode', 'fan', '--n', '200', ...args],
    goal,
    transport,
    base: 'sockjs',
    peers: ['sockjs', 'everywire'],
  };
}

export const workloads = {
  w1r200: {
    text: 'fan-out, 1 to 1,000, 200 a second, one a turn',
    args: ['--mode', 'fan', '--n', '1000', '--rate', '200'],
    goal: 0.9,
  },
  w1max: {
    text: 'fan-out, 1 to 1,000, as fast as it goes, window 16',
    args: ['--mode', 'fan', '--n', '1000', '--window', '16'],
    goal: 0.2,
  },
  w5b20: {
    text: 'fan-out, 1 to 1,000, bursts of 20, 100 a second',
    args: ['--mode', 'fan', '--n', '1000', '--rate', '100', '--burst', '20'],
    goal: 0.2,
  },
  w2pp: { text: 'relay, 1,000 users in pairs, ping-pong', args: ['--mode', 'relay', '--n', '1000'], goal: 1 },
  w2r20k: {
    text: 'relay, 1,000 users in pairs, 20,000 a second',
    args: ['--mode', 'relayrate', '--n', '1000', '--rate', '20000'],
    goal: 1,
  },
  w4s20: http('stream', 'streaming, 1 to 200, 20 a second', ['--rate', '20'], 0.6),
  w4s100: http('stream', 'streaming, 1 to 200, 100 a second', ['--rate', '100'], 0.6),
  w4sb20: http('stream', 'streaming, 1 to 200, bursts of 20', ['--rate', '100', '--burst', '20'], 0.6),
  w4p20: http('poll', 'long polling, 1 to 200, 20 a second', ['--rate', '20'], 0.65),
  w4p100: http('poll', 'long polling, 1 to 200, 100 a second', ['--rate', '100'], 0.65),
  w4pb20: http('poll', 'long polling, 1 to 200, bursts of 20', ['--rate', '100', '--burst', '20'], 0.65),
  w3idle: { text: '10,000 idle connections', args: ['--mode', 'idle', '--n', '10000', '--settle', '4'], goal: null },
};

export const peers = ['ws', 'socketio', 'sockjs', 'everywire'];

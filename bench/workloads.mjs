/** Named loads. `goal` is the most that our figure may be of `ws`'s in the same run. */
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
  w3idle: { text: '10,000 idle connections', args: ['--mode', 'idle', '--n', '10000', '--settle', '4'], goal: null },
};

export const peers = ['ws', 'socketio', 'sockjs', 'everywire'];

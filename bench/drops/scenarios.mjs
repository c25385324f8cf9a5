/**
 * What is done to the network between one client and one server while messages go both ways, 20 a second each.
 *
 * `faults` stand from the start. `begin(net)` is called when sending begins; it acts on `net.proxy` and notes every
 * outage with `net.out(ms)`. `stops` names what cannot pass at all, and why. `quick` is what `--quick` runs instead:
 * shorter, the same faults. `silenceMs`: the longest silence beyond an outage.
 */

/** Acts first after `firstMs` and then every `everyMs`; a running action is completed. */
function repeat({ firstMs, everyMs }, act) {
  let timer = setTimeout(function again() {
    act();
    timer = setTimeout(again, everyMs);
  }, firstMs);
  return () => clearTimeout(timer);
}

const streams = ['event-stream', 'fetch-stream'];
const needsUpgrade = { websocket: 'there is no Upgrade' };
const isWithheld = Object.fromEntries(streams.map((name) => [name, 'a response without an end never arrives']));
const farAway = { kind: 'delay', ms: 200, jitterMs: 150 };

const full = {
  S0: { text: 'clean network', seconds: 20 },
  S1: {
    text: 'cut for 2 s: every connection reset, new ones refused',
    firstMs: 5000,
    everyMs: 7000,
    begin: (net, times) =>
      repeat(times, () => {
        net.out(2000);
        const lift = net.proxy.inject({ kind: 'refuse' });
        net.proxy.cutNow('reset');
        setTimeout(lift, 2000);
      }),
  },
  S2: {
    text: 'blackhole of 3 s, then everything reset',
    firstMs: 7000,
    everyMs: 10_000,
    begin: (net, times) =>
      repeat(times, () => {
        net.out(3000);
        const lift = net.proxy.inject({ kind: 'silence' });
        setTimeout(() => {
          lift();
          net.proxy.cutNow('reset');
        }, 3000);
      }),
  },
  S3: {
    text: 'each WebSocket reset 3 s after its opening',
    faults: [{ kind: 'cut', how: 'reset', afterMs: 3000, only: 'websocket' }],
  },
  S4: {
    text: 'Upgrade stripped from every request',
    faults: [{ kind: 'block-upgrade', how: 'strip' }],
    stops: needsUpgrade,
  },
  S5: {
    text: 'responses held back until they are complete, no Upgrade',
    faults: [{ kind: 'withhold' }],
    stops: { ...needsUpgrade, ...isWithheld },
  },
  S6: {
    text: '200 ms ± 150 ms each way, and one connection reset every 1 to 3 s',
    faults: [farAway],
    firstMs: 1500,
    begin: (net, { firstMs }) => {
      let timer;
      const next = () => {
        const waitMs = 1000 + net.random.next() * 2000;
        timer = setTimeout(() => {
          if (net.proxy.cutOne(net.random.below)) net.out(0);
          next();
        }, waitMs);
      };
      timer = setTimeout(next, firstMs - 1000);
      return () => clearTimeout(timer);
    },
  },
  S7: {
    text: 'half open: the client is reset, the server does not notice for 15 s more',
    firstMs: 5000,
    everyMs: 10_000,
    begin: (net, times) =>
      repeat(times, () => {
        net.out(0);
        setTimeout(net.proxy.halfOpen(), 15_000);
      }),
  },
  S8: { text: '200 ms ± 150 ms each way', faults: [farAway] },
  S9: { text: 'one byte at a time', seconds: 20, faults: [{ kind: 'dribble', bytes: 1 }] },
  S10: {
    text: 'old connections delay everything for 20 s and then forward it, new ones work',
    firstMs: 5000,
    everyMs: 25_000,
    holdMs: 20_000,
    silenceMs: 4000,
    begin: (net, times) =>
      repeat(times, () => {
        net.out(0);
        setTimeout(net.proxy.inject({ kind: 'hold' }), times.holdMs);
      }),
  },
  S11: {
    text: 'WebSockets are accepted and never answered',
    faults: [{ kind: 'silence', only: 'websocket' }],
    stops: { websocket: 'no answer ever arrives' },
  },
};

/** Long enough for two of each fault, or one where it takes long by itself. */
const quick = {
  S0: { seconds: 4 },
  S1: { seconds: 12, firstMs: 1000, everyMs: 5500 },
  S2: { seconds: 9, firstMs: 1000, everyMs: 30_000 },
  S3: { seconds: 8 },
  S4: { seconds: 4 },
  S5: { seconds: 4 },
  // Chance has a hand in it: a new WebSocket takes two round trips of up to 0.7 s, and the next reset may meet them.
  // The bench judges by the rule; here it is enough that the conversation resumes.
  S6: { seconds: 12, silenceMs: 3000 },
  S7: { seconds: 7, firstMs: 1000, everyMs: 3000 },
  S8: { seconds: 6 },
  S9: { seconds: 4 },
  S10: { seconds: 14, firstMs: 1000, everyMs: 30_000, holdMs: 9000 },
  S11: { seconds: 4 },
};

const defaults = { seconds: 60, faults: [], begin: () => () => undefined, stops: {}, silenceMs: 1500 };

/** @returns the scenario in full, or its quick form. */
export function scenario(name, isQuick) {
  return { ...defaults, ...full[name], ...(isQuick && quick[name]) };
}

export const scenarioNames = Object.keys(full);

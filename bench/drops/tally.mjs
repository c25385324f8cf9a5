/** Milliseconds after the start of an outage in which messages in flight may still arrive. */
const UNDER_WAY_MS = 500;

/** One direction of one run: which numbers were sent, which came, when. */
export function createTally() {
  const sentAt = [];
  const seen = new Set();
  const arrivals = [];
  const latencies = [];
  const counts = { repeated: 0, outOfOrder: 0, unknown: 0 };
  let highest = -1;
  return {
    sent: (number) => {
      sentAt[number] = performance.now();
    },
    got: (number) => {
      const now = performance.now();
      if (sentAt[number] === undefined) counts.unknown += 1;
      else if (seen.has(number)) counts.repeated += 1;
      else {
        seen.add(number);
        if (number < highest) counts.outOfOrder += 1;
        highest = Math.max(highest, number);
        arrivals.push(now);
        latencies.push(now - sentAt[number]);
      }
    },
    isWhole: (total) => seen.size === total,
    /**
     * `silentMs`: the longest time without a new message, from the first sending to the last sending or the last
     * arrival. `beyondMs`: the longest of them beyond the outage it met. @param recoveryMs the time allowed to recover
     * from an outage
     */
    result: ({ start, end, outages, recoveryMs }) => {
      const times = [start, ...arrivals, Math.max(end, arrivals.at(-1) ?? 0)];
      const silences = times.slice(1).map((to, at) => ({ from: times[at], to }));
      const silentMs = Math.max(...silences.map(({ from, to }) => to - from));
      const beyondMs = Math.max(...silences.map((silence) => beyond(silence, outages, recoveryMs)));
      latencies.sort((a, b) => a - b);
      const quantile = (part) => {
        const at = Math.min(latencies.length - 1, Math.floor(part * latencies.length));
        return latencies.length > 0 ? Math.round(latencies[at]) : null;
      };
      const sent = sentAt.length;
      return {
        sent,
        delivered: seen.size,
        lost: sent - seen.size,
        ...counts,
        silentMs: Math.round(silentMs),
        beyondMs: Math.round(beyondMs),
        p50Ms: quantile(0.5),
        p99Ms: quantile(0.99),
      };
    },
  };
}

/**
 * Returns the part of a silence that no outage explains, ms. Outages that follow each other during the recovery count
 * as one.
 */
function beyond({ from, to }, outages, recoveryMs) {
  const met = outages.filter((outage) => outage.to >= from - UNDER_WAY_MS && outage.from <= to);
  let longest = 0;
  let first = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const outage of met) {
    if (outage.from > last + recoveryMs) first = outage.from;
    last = Math.max(last, outage.to);
    longest = Math.max(longest, last - first);
  }
  return Math.max(0, to - from - longest);
}

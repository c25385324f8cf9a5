/** Outages closer than this are one: whoever is just coming back from the first meets the second. In milliseconds. */
const RECOVERY_MS = 1500;

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
    /** `silentMs`: the longest time without a new message, from the first sending to the last sending or the last arrival. */
    result: (start, end) => {
      const times = [start, ...arrivals, Math.max(end, arrivals.at(-1) ?? 0)];
      const silentMs = times.reduce((most, time, at) => Math.max(most, time - (times[at - 1] ?? time)), 0);
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
        p50Ms: quantile(0.5),
        p99Ms: quantile(0.99),
      };
    },
  };
}

/** The longest time, in milliseconds, that the network was away for somebody who needs `RECOVERY_MS` to come back. */
export function longestOutage(outages) {
  let longest = 0;
  let from = 0;
  let to = Number.NEGATIVE_INFINITY;
  for (const outage of outages) {
    if (outage.from > to + RECOVERY_MS) from = outage.from;
    to = Math.max(to, outage.to);
    longest = Math.max(longest, to - from);
  }
  return Math.round(longest);
}

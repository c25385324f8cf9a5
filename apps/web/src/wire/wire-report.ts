import type { Attempt, Status } from '@everywire/client';
import type { Words } from '../i18n/zh.js';

/** Returns the latest failure of each transport, in the order of the attempts. */
export function lastFailures(status: Status): readonly Attempt[] {
  const latest = new Map<string, Attempt>();
  for (const attempt of attemptsOf(status)) {
    latest.delete(attempt.transport);
    latest.set(attempt.transport, attempt);
  }
  return [...latest.values()];
}

function attemptsOf(status: Status): readonly Attempt[] {
  return 'attempts' in status ? status.attempts : [];
}

/** Returns the text for the reason of a failed attempt. */
export function reasonWords(reason: string, words: Words): string {
  return words.attemptReasons[reason] ?? reason;
}

/** Returns a report for administrators as plain English text. It contains no messages and no names of people. */
export function connectionReport(status: Status, forced: string | null, now: number): string {
  const lines = [
    'Everywire connection report',
    `time: ${new Date(now).toISOString()}`,
    `address: ${location.origin}`,
    `browser: ${navigator.userAgent}`,
    `online: ${navigator.onLine}`,
    `state: ${status.state}`,
    `forced transport: ${forced ?? 'none'}`,
  ];
  if (status.state === 'open') {
    const measured =
      status.measuredAt === undefined ? '' : `, measured at ${new Date(status.measuredAt).toISOString()}`;
    lines.push(`transport: ${status.transport}`, `round trip: ${status.roundTripMs ?? 'unknown'} ms${measured}`);
  }
  if (status.state === 'blocked') lines.push(`refused: ${status.bytes} bytes in one request, ${status.reason}`);
  for (const attempt of attemptsOf(status)) {
    lines.push(`tried: ${attempt.transport} ${attempt.reason} at ${new Date(attempt.at).toISOString()}`);
  }
  return lines.join('\n');
}

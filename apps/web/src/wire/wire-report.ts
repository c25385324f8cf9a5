import type { Attempt, Status } from '@everywire/client';
import type { Words } from '../i18n/zh.js';

/** The latest failure of each transport, in the order they were tried. */
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

export function reasonWords(reason: string, words: Words): string {
  return words.attemptReasons[reason] ?? reason;
}

/** What an administrator needs, and nothing of what was written or of who wrote it. Plain and in English wherever it is read. */
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

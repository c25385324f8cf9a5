import type { Log } from '@everywire/chat-server';
import { withoutTokens } from '@everywire/chat-server/internal';
import type { LogLevel } from './settings.js';

const order: readonly LogLevel[] = ['silent', 'error', 'warn', 'info', 'debug'];

/** Plain lines: time, level, text. A stack follows only an error. Whatever looks like a token is taken out, wherever it came from. */
export function createLineLog(level: LogLevel, write: (line: string) => void, now: () => Date = () => new Date()): Log {
  const line = (at: LogLevel, text: string): void => {
    if (order.indexOf(at) > order.indexOf(level)) return;
    write(withoutTokens(`${now().toISOString()} ${at.padEnd(5)} ${oneLine(text)}\n`));
  };
  return {
    debug: (text) => line('debug', text),
    info: (text) => line('info', text),
    warn: (text) => line('warn', text),
    error: (text, cause) => {
      line('error', text);
      if (level !== 'silent' && cause instanceof Error) write(withoutTokens(`${cause.stack ?? cause.message}\n`));
    },
  };
}

/** A line break in a logged value must not look like a line of ours. */
function oneLine(text: string): string {
  return text.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
}

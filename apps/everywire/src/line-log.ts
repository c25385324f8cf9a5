import type { Logger } from '@everywire/chat-server';
import { withoutTokens } from '@everywire/chat-server/internal';
import type { LogLevel } from './settings.js';

const order: readonly LogLevel[] = ['silent', 'error', 'warn', 'info', 'debug'];

/** Plain lines: time, level, text. A stack follows only an error. Whatever looks like a token is taken out, wherever it came from. */
export function createLineLog(
  level: LogLevel,
  write: (line: string) => void,
  now: () => Date = () => new Date(),
): Logger {
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
      if (level !== 'silent' && cause instanceof Error)
        write(withoutTokens(`${indented(cause.stack ?? cause.message)}\n`));
    },
  };
}

/** What ends a line, what a terminal obeys (escape sequences, in C0 and C1), and what turns the direction of text. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/** A line break in a logged value must not look like a line of ours, nor a value move the cursor of a terminal that shows the log. */
function oneLine(text: string): string {
  return text.replace(controls, (control) => {
    if (control === '\r' || control === '\n') return control === '\r' ? '\\r' : '\\n';
    return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A stack has lines. Each is moved in, so that none of them, some of which peers may have worded, looks like a line of ours. */
function indented(stack: string): string {
  return stack
    .split('\n')
    .map((line) => `    ${oneLine(line)}`)
    .join('\n');
}

import type { Logger } from '@everywire/chat-server';
import { withoutTokens } from '@everywire/chat-server/internal';
import type { LogLevel } from './settings.js';

const order: readonly LogLevel[] = ['silent', 'error', 'warn', 'info', 'debug'];

/**
 * Creates a log of plain lines: time, level, text. Only errors have a stack. Anything that looks like a token is
 * removed.
 */
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

/** Line ends, control characters (C0 and C1) and characters that change the text direction. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/** Removes control characters, so that a value can neither forge a log line nor control the terminal. */
function oneLine(text: string): string {
  return text.replace(controls, (control) => {
    if (control === '\r' || control === '\n') return control === '\r' ? '\\r' : '\\n';
    return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Indents each line of a stack, so that no line with text from a peer looks like a log line. */
function indented(stack: string): string {
  return stack
    .split('\n')
    .map((line) => `    ${oneLine(line)}`)
    .join('\n');
}

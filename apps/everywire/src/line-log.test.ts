import { expect, test } from 'vitest';
import { createLineLog } from './line-log.js';
import type { LogLevel } from './settings.js';

/** Returns the lines that a log of this level writes, without their time. */
function linesAt(level: LogLevel): string[] {
  const lines: string[] = [];
  const log = createLineLog(
    level,
    (line) => lines.push(line),
    () => new Date(0),
  );
  log.debug('d');
  log.info('i');
  log.warn('w');
  log.error('e');
  return lines.map((line) => line.slice(25));
}

test.each<[LogLevel, string[]]>([
  ['silent', []],
  ['error', ['error e\n']],
  ['warn', ['warn  w\n', 'error e\n']],
  ['info', ['info  i\n', 'warn  w\n', 'error e\n']],
  ['debug', ['debug d\n', 'info  i\n', 'warn  w\n', 'error e\n']],
])('at level %s the log writes %j', (level, lines) => {
  expect(linesAt(level)).toEqual(lines);
});

test('a value with a line break cannot forge a log line', () => {
  const lines: string[] = [];
  createLineLog(
    'info',
    (line) => lines.push(line),
    () => new Date(0),
  ).info('a\r\n2026 info b');
  expect(lines).toEqual(['1970-01-01T00:00:00.000Z info  a\\r\\n2026 info b\n']);
});

test('neither a line nor a stack can control the terminal, and a stack cannot forge a log line', () => {
  const lines: string[] = [];
  const log = createLineLog(
    'info',
    (line) => lines.push(line),
    () => new Date(0),
  );
  const cause = new Error('x\n1970-01-01T00:00:00.000Z error forged\u001b[2J');
  log.error('\u001b[31mred\u009b2J \u202eturned', cause);
  expect(lines[0]).toBe('1970-01-01T00:00:00.000Z error \\u001b[31mred\\u009b2J \\u202eturned\n');
  const stack = lines[1]?.trimEnd().split('\n') ?? [];
  expect(stack.slice(0, 2)).toEqual(['    Error: x', '    1970-01-01T00:00:00.000Z error forged\\u001b[2J']);
  expect(stack.every((line) => line.startsWith('    '))).toBe(true);
});

test('[SN-20.2] neither a log line nor a stack contains a token', () => {
  const lines: string[] = [];
  const token = `ewt_${'a'.repeat(43)}`;
  createLineLog('info', (line) => lines.push(line)).error(`near ${token}`, new Error(`at ${token}`));
  expect(lines).toHaveLength(2);
  expect(lines.join('')).not.toContain('aaaa');
});

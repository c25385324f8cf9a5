import { expect, test } from 'vitest';
import { ConfigError } from './read-config.js';
import { startErrorLine } from './start-error.js';

const target = { port: 80, host: 'nowhere' };

test.each([
  ['EADDRINUSE', 'Port 80 is in use. Stop the other program, or set PORT to another port.'],
  ['EACCES', 'No permission to listen on port 80. Set PORT to 1024 or higher.'],
  [
    'ENOTFOUND',
    'HOST is "nowhere", which is not an address of this machine. Leave it empty to listen on all addresses.',
  ],
  ['jwt_key_unusable', 'EVERYWIRE_JWT_KEY cannot be used with EVERYWIRE_JWT_ALGORITHM: as it says'],
  ['store_in_use', 'as it says'],
  [
    'ENOSPC',
    'The disk is full, so a file needed at start could not be created (as it says). Free some space and start again.',
  ],
])('describes the error %s in one line', (code, line) => {
  expect(startErrorLine(Object.assign(new Error('as it says'), { code }), target)).toBe(line);
});

test('[pain 14] an error names the setting of the port that failed', () => {
  const error = Object.assign(new Error('listen'), { code: 'EACCES', port: 843 });
  expect(startErrorLine(error, target)).toBe(
    'No permission to listen on port 843. Set EVERYWIRE_TCP_PORT to 1024 or higher.',
  );
});

test('returns the error of a wrong setting unchanged, and null for a defect', () => {
  expect(startErrorLine(new ConfigError('PORT is ...'), target)).toBe('PORT is ...');
  expect(startErrorLine(new TypeError('x is not a function'), target)).toBeNull();
  expect(startErrorLine('text', target)).toBeNull();
});

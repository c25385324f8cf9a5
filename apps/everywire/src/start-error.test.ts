import { expect, test } from 'vitest';
import { ConfigError } from './read-config.js';
import { startErrorLine } from './start-error.js';

const target = { port: 80, host: 'nowhere' };

test.each([
  ['EADDRINUSE', 'Port 80 is in use. Stop the program that has it, or set PORT to another.'],
  ['EACCES', 'PORT is 80, where this user may not listen. Set PORT to 1024 or above.'],
  ['ENOTFOUND', 'HOST is "nowhere", which is not an address of this machine. Leave it empty for every address.'],
  ['jwt_key_unusable', 'EVERYWIRE_JWT_KEY cannot be used with EVERYWIRE_JWT_ALGORITHM: as it says'],
  ['store_in_use', 'as it says'],
  [
    'ENOSPC',
    'The disk is full, and something that has to be made first is not there (as it says). Free some space and start again.',
  ],
])('says %s in one line', (code, line) => {
  expect(startErrorLine(Object.assign(new Error('as it says'), { code }), target)).toBe(line);
});

test('[pain 14] names the setting of the port that was meant', () => {
  const error = Object.assign(new Error('listen'), { code: 'EACCES', port: 843 });
  expect(startErrorLine(error, target)).toBe(
    'EVERYWIRE_TCP_PORT is 843, where this user may not listen. Set EVERYWIRE_TCP_PORT to 1024 or above.',
  );
});

test('says a wrong setting as it is, and leaves a defect to its stack', () => {
  expect(startErrorLine(new ConfigError('PORT is ...'), target)).toBe('PORT is ...');
  expect(startErrorLine(new TypeError('x is not a function'), target)).toBeNull();
  expect(startErrorLine('text', target)).toBeNull();
});

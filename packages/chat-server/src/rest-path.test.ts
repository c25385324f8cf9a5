import { expect, test } from 'vitest';
import { isRestPath } from './rest-path.js';

test.each(['/api/me', '/%61pi/me', '/ap%69/me?x=%', '/%61%70%69/files/1', '/%61pi%2Fme'])(
  'isRestPath accepts %s',
  (url) => {
    expect(isRestPath(url)).toBe(true);
  },
);

test.each(['/', '/apis/me', '/assets/a%20b.js', '/x?y=/api/', '/%2561pi/me', '/everywire/%61pi/'])(
  'isRestPath rejects %s',
  (url) => {
    expect(isRestPath(url)).toBe(false);
  },
);

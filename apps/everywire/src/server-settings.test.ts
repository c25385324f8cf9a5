import { expect, test } from 'vitest';
import { readConfig } from './read-config.js';
import { serverSettings } from './server-settings.js';

test('JSONP is off until it is switched on', () => {
  const jsonpWith = (env: Record<string, string>): unknown => serverSettings(readConfig(env), '1').wire?.jsonp;
  expect(jsonpWith({})).toBe(false);
  expect(jsonpWith({ EVERYWIRE_JSONP: 'on' })).toBe(true);
  expect(() => jsonpWith({ EVERYWIRE_JSONP: 'yes' })).toThrow('EVERYWIRE_JSONP is "yes"; it takes off or on');
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConfigError, readConfig } from './read-config.js';
import { settings } from './settings.js';

const directory = mkdtempSync(join(tmpdir(), 'everywire-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

function fileWith(content: string): string {
  const file = join(directory, `${Math.random().toString(36).slice(2)}.json`);
  writeFileSync(file, content);
  return file;
}

test('without settings every default applies, and every default is valid for its setting', () => {
  const config = readConfig({});
  for (const [name, setting] of Object.entries(settings)) {
    expect(Reflect.get(config, name)).toEqual(setting.fallback);
    const EVERYWIRE_CONFIG = fileWith(JSON.stringify({ [name]: setting.fallback }));
    expect(readConfig({ EVERYWIRE_CONFIG })).toEqual(config);
  }
});

test('reads text, numbers and lists from the environment', () => {
  const config = readConfig({
    PORT: '9000',
    EVERYWIRE_NAME: '小院',
    EVERYWIRE_ORIGINS: 'https://a.example, http://b.example:8080, capacitor://localhost',
    PATH: '/bin',
  });
  expect(config.PORT).toBe(9_000);
  expect(config.EVERYWIRE_NAME).toBe('小院');
  expect(config.EVERYWIRE_ORIGINS).toEqual(['https://a.example', 'http://b.example:8080', 'capacitor://localhost']);
});

test('the environment wins over the file', () => {
  const EVERYWIRE_CONFIG = fileWith('{"PORT": 1, "EVERYWIRE_REGISTRATION": "closed"}');
  const config = readConfig({ EVERYWIRE_CONFIG, PORT: '2' });
  expect([config.PORT, config.EVERYWIRE_REGISTRATION]).toEqual([2, 'closed']);
});

test.each([
  ['PORT', '80a8', 'PORT is "80a8", but must be a whole number from 0 to 65535.'],
  ['PORT', '65536', 'PORT is 65536, but must be a whole number from 0 to 65535.'],
  ['PORT', '', 'PORT is "", but must be a whole number from 0 to 65535.'],
  ['EVERYWIRE_DATA', '', 'EVERYWIRE_DATA is "", but must be the path of a directory.'],
  ['EVERYWIRE_REGISTRATION', 'yes', 'EVERYWIRE_REGISTRATION is "yes", but must be open, invitation or closed.'],
  [
    'EVERYWIRE_ORIGINS',
    'https://a.example/',
    'EVERYWIRE_ORIGINS is ["https://a.example/"], but must be origins such as https://chat.example.org or capacitor://localhost, separated by commas.',
  ],
  [
    'EVERYWIRE_TRUSTED_PROXIES',
    '10.0.0.0/99',
    'EVERYWIRE_TRUSTED_PROXIES is ["10.0.0.0/99"], but must be IP addresses, networks such as 10.0.0.0/8, or `unix`, separated by commas.',
  ],
  ['EVERYWIRE_LOG', 'loud', 'EVERYWIRE_LOG is "loud", but must be silent, error, warn, info or debug.'],
  [
    'EVERYWIRE_MAIL_FROM',
    'Harbour Street',
    'EVERYWIRE_MAIL_FROM is "Harbour Street", but must be a mail address, with a name before it in `Name <address>`.',
  ],
  [
    'EVERYWIRE_SMTP_URL',
    'ftp://u:secret@h',
    'EVERYWIRE_SMTP_URL is not usable, but must be an address such as smtps://user:password@mail.example.org.',
  ],
])('refuses %s=%s in one line with the name, the value and the accepted values', (name, value, message) => {
  expect(() => readConfig({ [name]: value })).toThrow(new ConfigError(message));
});

test.each([
  'smtps://ann:hunter#two@mail.example.org',
  'smtps://ann:hunter/two@mail.example.org',
  'smtps://ann:hunter@mail.example.org:99999',
])('the invalid mail server address %s is refused without quoting its password', (address) => {
  const refusal =
    'EVERYWIRE_SMTP_URL is not usable, but must be an address such as smtps://user:password@mail.example.org.';
  expect(() => readConfig({ EVERYWIRE_SMTP_URL: address })).toThrow(new ConfigError(refusal));
});

test('refuses an invalid address of an identity provider', () => {
  expect(() => readConfig({ EVERYWIRE_OIDC_ISSUER: 'https://[id.example.org' })).toThrow(
    /but must be an https address/,
  );
});

test.each([
  '{"EVERYWIRE_OIDC_CLIENT_SECRET": hunter two}',
  '{"EVERYWIRE_OIDC_CLIENT_SECRET": "hunter two" "PORT": 1}',
  '{"EVERYWIRE_OIDC_CLIENT_SECRET": "hunter two",}',
  '{"EVERYWIRE_OIDC_CLIENT_SECRET": "hunter\\xtwo"}',
  'EVERYWIRE_OIDC_CLIENT_SECRET=hunter two',
  '["hunter two"]',
  '"hunter two"',
])('a file that is not a JSON object, such as %s, is refused without quoting its content', (content) => {
  const read = (): unknown => readConfig({ EVERYWIRE_CONFIG: fileWith(content) });
  expect(read).toThrow(ConfigError);
  expect(read).not.toThrow(/hunt|two/);
});

test('refuses a setting that does not exist, in the environment and in the file', () => {
  expect(() => readConfig({ EVERYWIRE_PROT: '1' })).toThrow(/^Unknown setting EVERYWIRE_PROT in the environment/);
  expect(() => readConfig({ EVERYWIRE_CONFIG: fileWith('{"port": 1}') })).toThrow(/Unknown setting "port" in /);
});

test.each(['[]', 'null', '7', '{'])('refuses a file that contains %s', (content) => {
  expect(() => readConfig({ EVERYWIRE_CONFIG: fileWith(content) })).toThrow(ConfigError);
});

test('refuses a missing configuration file if it was named', () => {
  expect(() => readConfig({ EVERYWIRE_CONFIG: join(directory, 'none.json') })).toThrow(/cannot be read \(ENOENT\)/);
});

test('an error is always one line, regardless of the value', () => {
  const lines = (() => {
    try {
      readConfig({ PORT: `1\n${'x'.repeat(500)}` });
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  })();
  expect(lines.split('\n')).toHaveLength(1);
  expect(lines.length).toBeLessThan(200);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { jwtOf, openIdOf } from './identity-settings.js';
import { readConfig } from './read-config.js';

const directory = mkdtempSync(join(tmpdir(), 'everywire-identity-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
};
/** Reads a configuration with this key for signed tokens. */
const set = (key: string) =>
  readConfig({ EVERYWIRE_JWT_ISSUER: 'i', EVERYWIRE_JWT_AUDIENCE: 'a', EVERYWIRE_JWT_KEY: key });

test('without settings, no identity provider is accepted', () => {
  expect([jwtOf(readConfig({})), openIdOf(readConfig({}))]).toEqual([null, null]);
});

test('the kind of a key is detected from its content', () => {
  const pem = '-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----';
  expect(jwtOf(set(file('pem', `${pem}\n`)))).toEqual({
    algorithm: 'RS256',
    issuer: 'i',
    audience: 'a',
    key: { kind: 'spki', text: pem },
  });
  expect(jwtOf(set(file('jwks', '{"keys":[]}')))?.key).toEqual({ kind: 'jwks', text: '{"keys":[]}' });
  expect(jwtOf(set(file('secret', 'shared\n')))?.key).toEqual({ kind: 'secret', text: 'shared' });
  const certificate = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----';
  expect(() => jwtOf(set(file('certificate', certificate)))).toThrow('but must contain a public key');
  expect(jwtOf(set('https://host.example.org/keys'))?.key).toEqual({
    kind: 'jwksUrl',
    url: 'https://host.example.org/keys',
  });
});

test('incomplete settings of an identity provider are refused in one line', () => {
  const half = { EVERYWIRE_JWT_ISSUER: 'i' };
  expect(() => jwtOf(readConfig(half))).toThrow('EVERYWIRE_JWT_AUDIENCE is missing');
  expect(() => jwtOf(set('the secret itself'))).toThrow(
    'EVERYWIRE_JWT_KEY names a file that cannot be read (ENOENT). It must be the path of a file.',
  );
  const issuer = { EVERYWIRE_OIDC_ISSUER: 'https://id.example.org' };
  expect(() => openIdOf(readConfig(issuer))).toThrow('EVERYWIRE_OIDC_CLIENT_ID is missing');
  const client = readConfig({ EVERYWIRE_OIDC_CLIENT_ID: 'chat' });
  expect(() => openIdOf(client)).toThrow('EVERYWIRE_OIDC_ISSUER is missing');
  expect(openIdOf(readConfig({ ...issuer, EVERYWIRE_OIDC_CLIENT_ID: 'chat' }))).toEqual({
    issuer: 'https://id.example.org',
    clientId: 'chat',
    clientSecret: '',
    name: 'OpenID',
  });
});

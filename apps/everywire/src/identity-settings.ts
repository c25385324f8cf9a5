import { readFileSync } from 'node:fs';
import type { JwtIdentityOptions, OpenIdOptions } from '@everywire/chat-server';
import { ConfigError } from './read-config.js';
import type { Config } from './settings.js';

/**
 * Returns the options for tokens of a host application; `null` if they are not accepted.
 *
 * @throws ConfigError in one line
 */
export function jwtOf(config: Config): JwtIdentityOptions | null {
  const { EVERYWIRE_JWT_ISSUER: issuer, EVERYWIRE_JWT_AUDIENCE: audience, EVERYWIRE_JWT_KEY: key } = config;
  if (issuer === '' && audience === '' && key === '') return null;
  const missing = Object.entries({ ISSUER: issuer, AUDIENCE: audience, KEY: key }).find(([, value]) => value === '');
  if (missing !== undefined) {
    throw new ConfigError(`EVERYWIRE_JWT_${missing[0]} is missing; the issuer, the audience and the key go together.`);
  }
  return { algorithm: config.EVERYWIRE_JWT_ALGORITHM, issuer, audience, key: keyOf(key) };
}

function keyOf(given: string): JwtIdentityOptions['key'] {
  if (given.startsWith('https://')) return { kind: 'jwksUrl', url: given };
  let text: string;
  try {
    text = readFileSync(given, 'utf8').trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    // The setting may contain the secret itself, so the error does not quote it.
    throw new ConfigError(
      `EVERYWIRE_JWT_KEY names a file that cannot be read (${code}). It must be the path of a file.`,
    );
  }
  if (text.startsWith('-----BEGIN PUBLIC KEY')) return { kind: 'spki', text };
  // Never used as a secret: a certificate, for example, begins like this and is public.
  if (text.startsWith('-----BEGIN '))
    throw new ConfigError(`EVERYWIRE_JWT_KEY contains "${given}", but must contain a public key: BEGIN PUBLIC KEY.`);
  return { kind: text.startsWith('{') ? 'jwks' : 'secret', text };
}

/** Returns the options of the OpenID Connect provider; `null` if none is set. @throws ConfigError in one line */
export function openIdOf(config: Config): OpenIdOptions | null {
  const { EVERYWIRE_OIDC_ISSUER: issuer, EVERYWIRE_OIDC_CLIENT_ID: clientId } = config;
  if (issuer === '' && clientId === '') return null;
  if (issuer === '') throw new ConfigError('EVERYWIRE_OIDC_ISSUER is missing; it goes with EVERYWIRE_OIDC_CLIENT_ID.');
  if (clientId === '')
    throw new ConfigError('EVERYWIRE_OIDC_CLIENT_ID is missing; it goes with EVERYWIRE_OIDC_ISSUER.');
  const { EVERYWIRE_OIDC_CLIENT_SECRET: clientSecret, EVERYWIRE_OIDC_NAME: name } = config;
  return { issuer, clientId, clientSecret, name };
}

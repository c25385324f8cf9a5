import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createOriginPolicy } from './origin-policy.js';

// Tests `createOriginPolicy`, which decides from the Origin header which web sites may use the server: its own, those
// in the setting `origins`, and clients that send no Origin.

function request(headers: Record<string, string>, encrypted = false): IncomingMessage {
  return { headers, socket: { encrypted } } as unknown as IncomingMessage;
}

describe('createOriginPolicy', () => {
  const policy = createOriginPolicy(['https://app.example.org', 'http://localhost:5173', 'app://Shell:8080']);

  it.each([
    ['the same origin', { origin: 'http://chat.example.org', host: 'chat.example.org' }, false, 'same'],
    [
      'the same origin with a port',
      { origin: 'http://chat.example.org:8088', host: 'chat.example.org:8088' },
      false,
      'same',
    ],
    ['a host in capitals', { origin: 'http://chat.example.org', host: 'Chat.Example.org' }, false, 'same'],
    ['a default port written out', { origin: 'https://chat.example.org', host: 'chat.example.org:443' }, true, 'same'],
    ['a listed origin', { origin: 'https://app.example.org', host: 'chat.example.org' }, false, 'cross'],
    ['an origin of an app in another case', { origin: 'App://shell:8080', host: 'chat.example.org' }, false, 'cross'],
    ['no origin at all', { host: 'chat.example.org' }, false, 'absent'],
  ])('[TR-7.1] [TR-7.2] the origin policy accepts %s', (_name, headers, encrypted, kind) => {
    expect(policy.check(request(headers as Record<string, string>, encrypted)).kind).toBe(kind);
  });

  it.each([
    ['another port', { origin: 'http://chat.example.org:81', host: 'chat.example.org' }],
    ['another scheme', { origin: 'https://chat.example.org', host: 'chat.example.org' }],
    ['a suffix', { origin: 'https://app.example.org.evil.tld', host: 'chat.example.org' }],
    ['a prefix', { origin: 'https://evil-app.example.org', host: 'chat.example.org' }],
    ['a subdomain', { origin: 'https://x.app.example.org', host: 'chat.example.org' }],
    ['null', { origin: 'null', host: 'chat.example.org' }],
    ['an empty one', { origin: '', host: '' }],
    ['another port of an app', { origin: 'app://shell', host: 'chat.example.org' }],
    ['two in one header', { origin: 'https://app.example.org, http://localhost:5173', host: 'chat.example.org' }],
    ['another case', { origin: 'https://APP.example.org', host: 'chat.example.org' }],
  ])('[TR-7.3] the origin policy refuses %s', (_name, headers) => {
    expect(policy.check(request(headers)).kind).toBe('refused');
  });

  it.each([
    'capacitor://localhost',
    'ionic://localhost',
    'tauri://localhost',
    'app://-',
    'chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb',
    'moz-extension://9a4f8d9f-9c0f-4d3e-8d0b-0a1b2c3d4e5f',
    'vscode-webview://1vj2k3',
  ])('createOriginPolicy allows pages of the app %s, also by the Referer of their elements', (origin) => {
    const apps = createOriginPolicy([origin]);
    const element = { referer: `${origin}/index.html`, 'sec-fetch-site': 'cross-site' };
    expect(apps.check(request({ origin, host: 'a.example' }))).toEqual({ kind: 'cross', origin });
    expect(apps.checkElement(request(element)).kind).toBe('absent');
    expect(apps.checkElement(request({ ...element, referer: `${origin}@evil/` })).kind).toBe('refused');
    expect(apps.embedding(request({})).allows(origin)).toBe(true);
  });

  it.each([
    ['*', 'pattern'],
    ['https://*.example.org', 'pattern'],
    ['capacitor://*', 'pattern'],
    ['null', '"null", which any page can get'],
    ['file://', '"null", which any page can get'],
    ['https://app.example.org/', 'must be written "https://app.example.org"'],
    ['https://App.example.org', 'must be written "https://app.example.org"'],
    ['capacitor://localhost/', 'must be written "capacitor://localhost"'],
    ['https://ann:pw@app.example.org', 'credentials'],
    ['app://ann@-', 'credentials'],
    ['app://-:65536', 'is not an origin'],
    ["app://-;script-src 'unsafe-inline'", 'is not an origin'],
    ['wss://app.example.org', 'origin of a page'],
    ['app.example.org', 'is not an origin'],
    [/example\.org$/, 'is not a text'],
  ])('createOriginPolicy refuses the setting %s by name: %s', (origin, reason) => {
    const name = typeof origin === 'string' ? JSON.stringify(origin) : String(origin);
    const refused = (): unknown => createOriginPolicy([origin as string]);
    expect(refused).toThrow(TypeError);
    expect(refused).toThrow(`origins: ${name}`);
    expect(refused).toThrow(reason);
  });

  it('createOriginPolicy refuses a setting that is not a list', () => {
    expect(() => createOriginPolicy('https://a.example' as never)).toThrow('origins: must be a list');
  });
});

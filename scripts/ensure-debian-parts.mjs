/** The Debian packages that the tests need: real browsers, Chinese fonts, real proxies. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { tryThrice } from './try-thrice.mjs';

export const quickParts = [
  { package: 'chromium', file: '/usr/bin/chromium' },
  { package: 'firefox-esr', file: '/usr/bin/firefox-esr' },
  { package: 'webkit2gtk-driver', file: '/usr/bin/WebKitWebDriver' },
  { package: 'xvfb', file: '/usr/bin/Xvfb' },
  { package: 'fonts-noto-cjk', file: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc' },
  { package: 'bsdutils', file: '/usr/bin/script' },
  { package: 'openssl', file: '/usr/bin/openssl' },
  { package: 'nginx-light', file: '/usr/sbin/nginx' },
  { package: 'haproxy', file: '/usr/sbin/haproxy' },
  { package: 'squid', file: '/usr/sbin/squid' },
  { package: 'tinyproxy-bin', file: '/usr/bin/tinyproxy' },
  { package: 'systemd', file: '/usr/bin/systemd-analyze' },
  // Another JavaScript engine, with Java's HTTP, for the legacy client.
  { package: 'rhino', file: '/usr/share/java/rhino.jar' },
];

/** The packages for all suites, including those that `npm test` omits. */
export const wideParts = [
  ...quickParts,
  { package: 'postgresql', file: '/usr/lib/postgresql' },
  { package: 'nats-server', file: '/usr/sbin/nats-server' },
];

/**
 * Called by Debian's packages before they start a service; exit code 101 forbids it. Tests start their own servers on
 * other ports.
 */
const policyFile = '/usr/sbin/policy-rc.d';

/** Installs the missing packages. @throws Error that names them if this process is not root */
export async function ensureDebianParts(say, parts) {
  const missing = parts.filter(({ file }) => !existsSync(file)).map((part) => part.package);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0)
    throw new Error(`This needs ${missing.join(' and ')}: sudo apt-get install ${missing.join(' ')}`);
  say(`Installing ${missing.join(', ')}`);
  const hasPolicy = existsSync(policyFile);
  if (!hasPolicy) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await aptGet(say, 'update');
    await aptGet(say, 'install', '-y', '--no-install-recommends', ...missing);
  } finally {
    if (!hasPolicy) rmSync(policyFile);
  }
}

async function aptGet(say, ...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const attempt = () => spawnSync('apt-get', args, { encoding: 'utf8', env });
  const result = await tryThrice({ attempt, isGood: ({ status }) => status === 0, say });
  if (result.status !== 0) throw new Error(`apt-get ${args[0]} failed:\n${result.stderr}`);
}

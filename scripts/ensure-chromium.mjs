/** Debian packages the browser tests need: a real Chromium, and fonts so that Chinese is drawn and not boxed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const needed = [
  { package: 'chromium', file: '/usr/bin/chromium' },
  { package: 'fonts-noto-cjk', file: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc' },
];

/** Installs what is missing where it may. @throws Error naming what to install where it may not. */
export function ensureChromium(say) {
  const missing = needed.filter(({ file }) => !existsSync(file)).map((part) => part.package);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0)
    throw new Error(`The browser tests need ${missing.join(' and ')}: sudo apt-get install ${missing.join(' ')}`);
  say(`Installing ${missing.join(' and ')} for the browser tests`);
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...missing]]) {
    const result = spawnSync('apt-get', args, {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (result.status !== 0) throw new Error(`apt-get ${args[0]} failed:\n${result.stderr}`);
  }
}

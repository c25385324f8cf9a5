import { describe, examine, type Report } from '@everywire/client/doctor';
import { wordsFor } from './chat/words.js';

/** How long `--long` keeps a connection idle, ms; many middleboxes cut it after 20 s. */
const QUIET_MS = 25_000;

interface DoctorLine {
  readonly server: string;
  readonly long: boolean;
  readonly json: boolean;
}

/** Runs `everywire doctor URL`; returns the exit code: 0 without findings, otherwise 1. */
export async function runDoctor({ server, long, json }: DoctorLine): Promise<number> {
  const url = addressOf(server);
  const { language } = wordsFor(process.env);
  if (process.stderr.isTTY) process.stderr.write(`${beginning[language](url, long)}\n`);
  const report = await examine(url, { quietMs: long ? QUIET_MS : 0 });
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : textOf(report, language));
  return report.outcome === 'clear' ? 0 : 1;
}

const beginning = {
  en: (url: URL, long: boolean) =>
    `Testing the connection to ${url.host}. This takes ${long ? 'half a minute' : 'a few seconds'}.`,
  zh: (url: URL, long: boolean) => `正在检查到 ${url.host} 的线路，需要${long ? '半分钟' : '几秒钟'}。`,
};

/** Returns the address with the default path if the person entered none. */
function addressOf(server: string): URL {
  const url = new URL(server);
  if (url.pathname === '/') url.pathname = '/everywire';
  return url;
}

function textOf(report: Report, language: 'en' | 'zh'): string {
  const { summary, findings } = describe(report, language);
  const lines = [report.url, summary];
  for (const { code, what, change } of findings) {
    lines.push('', `${code}: ${what}`);
    for (const one of change) lines.push(`  - ${one}`);
  }
  return `${lines.join('\n')}\n`;
}

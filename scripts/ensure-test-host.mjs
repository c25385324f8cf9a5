/** The name by which tests reach this machine as another host would be, with a certificate of its own: `app.test` (RFC 6761). */
import { appendFileSync, readFileSync } from 'node:fs';

const hosts = '/etc/hosts';
const line = '127.0.0.1 app.test';

/** Puts it into the system's own list, the one that every browser asks. @throws Error naming the line where it may not. */
export function ensureTestHost(say) {
  if (/^127\.0\.0\.1\s.*\bapp\.test\b/m.test(readFileSync(hosts, 'utf8'))) return;
  say(`Adding "${line}" to ${hosts} for the tests`);
  try {
    appendFileSync(hosts, `\n${line}\n`);
  } catch (cause) {
    throw new Error(`The tests need the line "${line}" in ${hosts}: echo "${line}" | sudo tee -a ${hosts}`, { cause });
  }
}

#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { checks } from './checks.js';
import { rulesNotVisible } from './rules-not-visible.js';
import { type CheckResult, runChecks } from './run-checks.js';
import { parseTarget } from './target.js';

const USAGE = `everywire-conformance URL [--token T] [--tcp ADDRESS] [--only RULE[,RULE]] [--json] [--slow]

Checks the server at URL (with its prefix: http://127.0.0.1:8088/everywire) against those rules of docs/spec that are
observable from outside. The server must run the application of docs/spec/conformance.md. The exit status is 1 if a
check failed, and 2 if none could run.

  --token T   opens sessions with this token; without it, checks of tokens are skipped
  --tcp A     also checks raw TCP at this address: tcp://127.0.0.1:8089, or tls://… for a TLS port
  --only      runs only checks of these rules or parts of rules: --only SN-7.4,TR-14
  --json      prints the results as one JSON value
  --slow      also runs checks that wait longer than 45 s`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    token: { type: 'string' },
    tcp: { type: 'string' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    slow: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function print(results: readonly CheckResult[]): void {
  for (const { name, outcome, what, expected, seen } of results) {
    console.log(`${outcome.padEnd(8)} ${name}${outcome === 'skipped' ? `: ${what}` : ''}`);
    if (outcome === 'failed') console.log(`         ${what}\n         expected ${expected}\n         seen     ${seen}`);
  }
  console.log('\nNot observable from outside:');
  for (const [rule, why] of Object.entries(rulesNotVisible)) console.log(`  ${rule.padEnd(6)} ${why}`);
  const count = (outcome: CheckResult['outcome']): number => results.filter((one) => one.outcome === outcome).length;
  console.log(`\n${count('ok')} ok, ${count('failed')} failed, ${count('skipped')} skipped`);
}

async function main(url: string): Promise<number> {
  const only = values.only === undefined ? {} : { only: new Set(values.only.split(',')) };
  const slow = values.slow ? { waitMsMax: Number.POSITIVE_INFINITY } : {};
  const results = await runChecks(parseTarget(url, values.token, values.tcp), checks, { ...only, ...slow });
  if (values.json) console.log(JSON.stringify({ url, results, notVisible: rulesNotVisible }, null, 2));
  else print(results);
  if (results.every(({ outcome }) => outcome === 'skipped')) return 2;
  return results.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

const [url] = positionals;
if (values.help || url === undefined) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  main(url).then(
    (status) => {
      process.exitCode = status;
    },
    (error: Error) => {
      console.error(`everywire-conformance: ${error.message}${'seen' in error ? `: ${String(error.seen)}` : ''}`);
      process.exitCode = 2;
    },
  );
}

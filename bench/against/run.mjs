/**
 * `npm run bench -- --against COMMIT`: judges the working tree by paired rounds with a commit; bench/README.md says how
 * to read it.
 *
 * `--loads w1r50,chat-send`, `--rounds 10`, `--warm SECONDS`, `--measure SECONDS`, `--json FILE`. Exits with 0 when no
 * load is slower, with 1 when one is slower or failed, with 2 when the comparison could not begin.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { install } from '../../scripts/install.mjs';
import { buildGenerator } from '../generator.mjs';
import { AgainstError, compile, describeCandidate, prepareBase, resolveCommit, root } from './base-tree.mjs';
import { judgeLoad } from './judge-load.mjs';
import { checkLoadedFiles } from './loaded-files.mjs';
import { defaultLoads, pairedLoads } from './loads.mjs';
import { measureRounds } from './paired-rounds.mjs';
import { headLines, loadLines, roundLine, verdictLine } from './report.mjs';

const say = (...lines) => console.log(lines.join('\n'));

try {
  process.exitCode = await judge(readOptions());
} catch (error) {
  if (!(error instanceof AgainstError)) throw error;
  console.error(`bench: ${error.message}`);
  process.exitCode = 2;
}

function readOptions() {
  const { values } = parse();
  const loads = values.loads.split(',');
  const unknown = loads.find((name) => !Object.hasOwn(pairedLoads, name));
  if (unknown !== undefined)
    throw new AgainstError(`no load is named ${unknown}; there are ${Object.keys(pairedLoads).join(', ')}`);
  const [rounds, warmS, measureS] = ['rounds', 'warm', 'measure'].map((name) => Number(values[name]));
  if (!(Number.isInteger(rounds) && rounds > 0)) throw new AgainstError('--rounds must be a whole number above 0');
  if (!(warmS >= 0 && measureS > 0)) throw new AgainstError('--warm and --measure must be seconds');
  return { base: resolveCommit(values.against), loads, rounds, warmS, measureS, json: values.json };
}

function parse() {
  try {
    return parseArgs({
      options: {
        against: { type: 'string' },
        loads: { type: 'string', default: defaultLoads.join(',') },
        rounds: { type: 'string', default: '10' },
        warm: { type: 'string', default: '5' },
        measure: { type: 'string', default: '4' },
        json: { type: 'string' },
      },
    });
  } catch (error) {
    throw new AgainstError(error.message);
  }
}

async function judge({ base, loads, rounds, warmS, measureS, json }) {
  const candidate = describeCandidate();
  say(...headLines({ base, candidate, rounds, warmS, measureS }));
  // The working tree first: the base shares its packages where it can.
  await install(say);
  const trees = { base: await prepareBase(base.hash, say), candidate: root };
  await compile(root);
  buildGenerator();
  const results = [];
  const checked = new Map();
  for (const name of loads) {
    const { text, figures, server, run } = pairedLoads[name];
    say('', `${name}: ${text}`);
    if (!checked.has(server)) checked.set(server, await problemOfBase(server, trees));
    const failure = checked.get(server);
    const measured = failure
      ? { cells: [], failure }
      : await measureRounds({
          rounds,
          keys: figures.map(({ key }) => key),
          run: (side) => run(trees[side], { warmS, measureS }),
          onRound: (cell, round) => say(roundLine(round, figures, cell)),
        });
    const result = { load: name, text, ...judgeLoad({ figures, ...measured }), cells: measured.cells };
    say(...loadLines(result));
    results.push(result);
  }
  say('', verdictLine(results));
  if (json !== undefined) write(json, { base, candidate, rounds, warmS, measureS, results });
  return results.every(({ verdict }) => verdict === 'no slower') ? 0 : 1;
}

/** Returns why the base cannot run a server, in one line, or `undefined`. Says when the sides run different scripts. */
async function problemOfBase({ scripts, startOnce }, trees) {
  const missing = scripts.find((script) => !existsSync(join(trees.base, script)));
  if (missing !== undefined) return `the base is from before ${missing}`;
  for (const script of scripts) {
    const [ours, theirs] = [trees.candidate, trees.base].map((tree) => readFileSync(join(tree, script), 'utf8'));
    if (ours !== theirs) say(`  ${script} differs: each side runs its own, and the ratio includes the difference`);
  }
  try {
    const count = await checkLoadedFiles(trees.base, (nodeOptions) => startOnce(trees.base, nodeOptions));
    say(`  the server of the base loads ${count} files, all of the base`);
    return undefined;
  } catch (error) {
    return `the server of the base does not start: ${error.message.replace(/\s+/g, ' ').slice(0, 400)}`;
  }
}

function write(file, result) {
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  writeFileSync(file, `${JSON.stringify({ date: new Date().toISOString(), machine, ...result }, null, 2)}\n`);
  say(`written to ${file}`);
}

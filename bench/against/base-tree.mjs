import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInstalled } from '../../scripts/install.mjs';
import { atExit } from '../at-exit.mjs';

export const root = realpathSync(fileURLToPath(new URL('../..', import.meta.url)));
const folder = join(root, '.cache/bench/against');
/** A built base takes some 100 MB, most of it files that it shares with this checkout by hard links. */
const treesMax = 3;

/** An error that the user of the bench can fix. It is reported in one line, without a stack. */
export class AgainstError extends Error {}

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trimEnd();

/** Resolves any git revision to its commit. */
export function resolveCommit(revision) {
  try {
    const hash = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`);
    return { revision, hash, title: git('log', '-1', '--format=%h %s', hash) };
  } catch {
    throw new AgainstError(`--against ${revision}: git knows no such commit`);
  }
}

/** Describes the working tree: its commit and how many files differ from it, new files included. */
export function describeCandidate() {
  const changed = git('status', '--porcelain', '--untracked-files=all').split('\n').filter(Boolean).length;
  return { hash: git('rev-parse', 'HEAD'), title: git('log', '-1', '--format=%h %s'), changed };
}

/**
 * Returns a checkout of the commit in `.cache/bench/against`, installed and built; one that is there is used again.
 * `git archive` makes it, so that git registers no worktree. The checkouts that were used least recently are deleted.
 */
export async function prepareBase(hash, say) {
  const tree = join(folder, hash.slice(0, 12));
  const stamp = join(tree, '.cache/against-stamp');
  const made = `${process.version} ${process.platform} ${process.arch}`;
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== made) {
    rmSync(tree, { recursive: true, force: true });
    mkdirSync(join(tree, '.cache'), { recursive: true });
    say(`Checking out ${hash.slice(0, 12)} into ${tree.slice(root.length + 1)}`);
    const archive = join(tree, '.cache/archive.tar');
    await run('git', ['archive', '--format=tar', '--output', archive, hash], root);
    await run('tar', ['-xf', archive, '-C', tree], root);
    rmSync(archive);
    await installPackages(tree, say);
    say('Building the base');
    await compile(tree);
  }
  // The time of the stamp says when the checkout was last used.
  writeFileSync(stamp, made);
  prune();
  return tree;
}

/** Compiles the packages of a checkout with its own compiler, without the page: no server of a bench serves it. */
export const compile = (tree) => run(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], tree);

/**
 * With an equal lock file the installed files are shared by hard links. The links of the workspaces are relative, so in
 * the copy they lead to the base's own packages. With another lock file the base installs by its own script.
 */
async function installPackages(tree, say) {
  const lockOf = (path) => readFileSync(join(path, 'package-lock.json'), 'utf8');
  if (existsSync(join(tree, 'package-lock.json')) && lockOf(tree) === lockOf(root) && isInstalled()) {
    for (const place of ['', ...workspaces()]) {
      const modules = join(root, place, 'node_modules');
      if (existsSync(modules)) await run('cp', ['-al', realpathSync(modules), join(tree, place, 'node_modules')], root);
    }
    return;
  }
  if (!existsSync(join(tree, 'scripts/install.mjs')))
    throw new AgainstError('the base is from before scripts/install.mjs, which installs its packages');
  say('Installing the packages of the base, whose lock file differs');
  const script = "import { install } from './scripts/install.mjs'; install(() => undefined);";
  await run(process.execPath, ['--input-type=module', '--eval', script], tree);
}

function workspaces() {
  const inside = (name) => readdirSync(join(root, name)).map((entry) => `${name}/${entry}`);
  return [...inside('packages'), ...inside('apps'), 'bench'];
}

function prune() {
  const usedAt = (name) =>
    statSync(join(folder, name, '.cache/against-stamp'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const old = readdirSync(folder).toSorted((a, b) => usedAt(b) - usedAt(a));
  for (const name of old.slice(treesMax)) rmSync(join(folder, name), { recursive: true, force: true });
}

/** Runs a program to its end. Kills it and its children if the bench ends first. */
function run(command, args, cwd) {
  const child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const forget = atExit(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      forget();
      reject(new AgainstError(error.message));
    });
    child.once('close', (code) => {
      forget();
      if (code === 0) resolve();
      else reject(new AgainstError(`${[command, ...args].join(' ')} in ${cwd} failed:\n${output.slice(-2_000)}`));
    });
  });
}

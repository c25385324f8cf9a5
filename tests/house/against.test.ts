import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './checkout-copy.js';

/** Runs `npm run bench -- --against ...` up to the point where it would need a base. */
function bench(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bench/main.mjs'), ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('npm run bench -- --against', () => {
  it.each([
    {
      what: 'a revision that git does not know',
      args: ['--against', 'no-such-commit'],
      says: '--against no-such-commit: git knows no such commit',
    },
    {
      what: 'a load that does not exist',
      args: ['--against', 'HEAD', '--loads', 'w1r50,w0'],
      says: /^no load is named w0; there are .*chat-send$/,
    },
    {
      what: 'a number of rounds below 1',
      args: ['--against=HEAD', '--rounds', '0'],
      says: '--rounds must be a whole number above 0',
    },
    {
      what: 'an unknown option',
      args: ['--against', 'HEAD', '--peers', 'ws'],
      says: /^Unknown option '--peers'/,
    },
  ])('npm run bench refuses $what in one line, before it builds anything', ({ args, says }) => {
    const { status, stdout, stderr } = bench(...args);
    const [line, ...rest] = stderr.replace(/^bench: /, '').split('\n');
    expect(line).toMatch(says);
    expect(rest).toEqual(['']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

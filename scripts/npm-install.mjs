/** Fetches packages with npm, with npm's settings for registry and proxy, and explains what to do after a failure. */
import { spawnSync } from 'node:child_process';
import { runChild } from './child-processes.mjs';
import { tryThrice } from './try-thrice.mjs';

export class InstallError extends Error {}

const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=http'];
const shell = process.platform === 'win32';

/** Matches the log line of npm for each package that it has read from its cache or from the registry. */
const packageLine = /^npm http (?:fetch GET 200|cache) .*\.tgz/gm;

/** Returns whether npm reports a response that did not come from the registry. */
const isForeignAnswer = (code) => code === 'EINTEGRITY' || code === 'EJSONPARSE';
const foreignAnswer = 'A proxy between this machine and the registry sent its own response. Does it require a sign-in?';

/**
 * Throws `InstallError` after three attempts. Calls `onCut` before retrying an attempt that a signal terminated.
 *
 * @param {string} directory
 * @param {readonly string[]} args
 * @param {{ say: (line: string) => void, onPackage?: (fetched: number) => void, onCut?: () => void }} options
 */
export async function npmInstall(directory, args, { say, onPackage = () => {}, onCut = () => {} }) {
  let wasCut = false;
  const attempt = async () => {
    if (wasCut) onCut();
    const result = await run(directory, ['install', ...args, ...quiet], onPackage);
    wasCut = result.signal !== null;
    return result;
  };
  const reasonOf = ({ output, signal }) => (signal === null ? codeOf(output) : `npm was terminated by ${signal}`);
  const result = await tryThrice({ attempt, isGood: ({ ok }) => ok, reasonOf, say });
  if (result.ok) return;
  const reason = result.signal === null ? complaint(result.output) : `npm was terminated by ${result.signal}`;
  throw new InstallError(
    `npm could not fetch the packages.\n${reason}\n` +
      `They were requested from ${registry(directory)}. Another registry: npm config set registry URL. A proxy: npm config set https-proxy URL.`,
  );
}

function run(directory, args, onPackage) {
  return new Promise((resolve) => {
    const child = runChild('npm', args, { cwd: directory, shell, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
      onPackage(output.match(packageLine)?.length ?? 0);
    });
    child.on('error', (error) => resolve({ ok: false, signal: null, output: `npm error ${error.message}` }));
    child.on('close', (status, signal) => resolve({ ok: status === 0, signal, output }));
  });
}

const codeOf = (output) => /^npm error code (\S+)/m.exec(output)?.[1] ?? '';

/** Returns npm's lines about the reason, without the path of its log and without checksums, which do not help. */
export function complaint(output) {
  const lines = output.split('\n').filter((line) => /^npm error (?!A complete log|sha\d+-)/.test(line));
  const shown = lines.slice(0, 8).join('\n');
  return isForeignAnswer(codeOf(output)) ? `${shown}\n${foreignAnswer}` : shown;
}

function registry(directory) {
  return spawnSync('npm', ['config', 'get', 'registry'], { cwd: directory, shell, encoding: 'utf8' }).stdout.trim();
}

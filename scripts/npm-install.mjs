/** Fetches packages by npm, with npm's own settings for a registry or a proxy, and says what to do where that fails. */
import { spawnSync } from 'node:child_process';
import { runChild } from './child-processes.mjs';
import { tryThrice } from './try-thrice.mjs';

export class InstallError extends Error {}

const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=http'];
const shell = process.platform === 'win32';

/** What npm logs of each package that it has, from its cache or from the registry. */
const packageLine = /^npm http (?:fetch GET 200|cache) .*\.tgz/gm;

/** What npm reports where an answer is not what the registry has. */
const isForeignAnswer = (code) => code === 'EINTEGRITY' || code === 'EJSONPARSE';
const foreignAnswer = 'Something between here and the registry answers in its place (a proxy that asks to sign in?).';

/**
 * Throws `InstallError` after three attempts. Calls `onCut` before an attempt that follows one which a signal ended.
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
  const reasonOf = ({ output, signal }) => (signal === null ? codeOf(output) : `npm was ended by ${signal}`);
  const result = await tryThrice({ attempt, isGood: ({ ok }) => ok, reasonOf, say });
  if (result.ok) return;
  const reason = result.signal === null ? complaint(result.output) : `npm was ended by ${result.signal}`;
  throw new InstallError(
    `npm could not fetch the packages.\n${reason}\n` +
      `They are asked for at ${registry(directory)}. Another registry: npm config set registry URL. A proxy: npm config set https-proxy URL.`,
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

/** The lines with which npm names the reason, without the path of its log and without checksums, which explain nothing. */
export function complaint(output) {
  const lines = output.split('\n').filter((line) => /^npm error (?!A complete log|sha\d+-)/.test(line));
  const shown = lines.slice(0, 8).join('\n');
  return isForeignAnswer(codeOf(output)) ? `${shown}\n${foreignAnswer}` : shown;
}

function registry(directory) {
  return spawnSync('npm', ['config', 'get', 'registry'], { cwd: directory, shell, encoding: 'utf8' }).stdout.trim();
}

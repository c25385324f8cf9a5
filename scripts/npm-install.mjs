/** Fetches packages by npm, with npm's own settings for a registry or a proxy, and says what to do where that fails. */
import { spawn, spawnSync } from 'node:child_process';
import { tryThrice } from './try-thrice.mjs';

export class InstallError extends Error {}

const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=http'];
const shell = process.platform === 'win32';

/** What npm logs of each package that it has, from its cache or from the registry. */
const packageLine = /^npm http (?:fetch GET 200|cache) .*\.tgz/gm;

/**
 * Throws `InstallError` after three attempts.
 *
 * @param {string} directory
 * @param {readonly string[]} args
 * @param {{ say: (line: string) => void, onPackage?: (fetched: number) => void }} options
 */
export async function npmInstall(directory, args, { say, onPackage = () => {} }) {
  const result = await tryThrice({
    attempt: () => run(directory, ['install', ...args, ...quiet], onPackage),
    isGood: ({ ok }) => ok,
    reasonOf: ({ output }) => codeOf(output),
    say,
  });
  if (result.ok) return;
  throw new InstallError(
    `npm could not fetch the packages.\n${complaint(result.output)}\n` +
      `They are asked for at ${registry(directory)}. Another registry: npm config set registry URL. A proxy: npm config set https-proxy URL.`,
  );
}

function run(directory, args, onPackage) {
  return new Promise((resolve) => {
    const child = spawn('npm', args, { cwd: directory, shell, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
      onPackage(output.match(packageLine)?.length ?? 0);
    });
    child.on('error', (error) => resolve({ ok: false, output: `npm error ${error.message}` }));
    child.on('close', (status) => resolve({ ok: status === 0, output }));
  });
}

const codeOf = (output) => /^npm error code (\S+)/m.exec(output)?.[1] ?? '';

/** The lines with which npm names the reason, without the path of its log. */
function complaint(output) {
  const lines = output.split('\n').filter((line) => /^npm error (?!A complete log)/.test(line));
  return lines.slice(0, 8).join('\n');
}

function registry(directory) {
  return spawnSync('npm', ['config', 'get', 'registry'], { cwd: directory, shell, encoding: 'utf8' }).stdout.trim();
}

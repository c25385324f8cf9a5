import { type FSWatcher, readFileSync, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { checkTlsPair, type TlsPair } from '@everywire/chat-server';
import { ConfigError } from './read-config.js';
import type { Config } from './settings.js';

/** The paths of certificate and key. */
export interface TlsPaths {
  readonly cert: string;
  readonly key: string;
}

/** Returns the configured paths; `null` if neither is set. @throws ConfigError if only one is set */
export function tlsPathsOf(config: Pick<Config, 'EVERYWIRE_TLS_CERT' | 'EVERYWIRE_TLS_KEY'>): TlsPaths | null {
  const { EVERYWIRE_TLS_CERT: cert, EVERYWIRE_TLS_KEY: key } = config;
  if (cert === '' && key === '') return null;
  if (cert !== '' && key !== '') return { cert, key };
  const [missing, given] = cert === '' ? ['CERT', 'KEY'] : ['KEY', 'CERT'];
  throw new ConfigError(
    `EVERYWIRE_TLS_${missing} is missing, while EVERYWIRE_TLS_${given} is set. Set both or neither.`,
  );
}

/** Reads both files. @throws ConfigError if one is unreadable or not PEM, or if they do not match */
export function readTlsFiles(paths: TlsPaths): TlsPair {
  const pair = { cert: read('EVERYWIRE_TLS_CERT', paths.cert), key: read('EVERYWIRE_TLS_KEY', paths.key) };
  try {
    checkTlsPair(pair);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error);
    throw new ConfigError(
      `EVERYWIRE_TLS_CERT ${paths.cert} and EVERYWIRE_TLS_KEY ${paths.key} are not a certificate and its key in PEM (${reason}).`,
    );
  }
  return pair;
}

/** Returns whether every user of the machine can read the key. */
export function isKeyOpenToAll(paths: TlsPaths): boolean {
  // Permission bits are meaningless on Windows.
  return process.platform !== 'win32' && (statSync(paths.key).mode & 0o004) !== 0;
}

function read(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new ConfigError(
      `${setting} is "${path}", which cannot be read (${code}). It must be the path of a PEM file.`,
    );
  }
}

/** The callbacks and intervals of `watchTlsFiles`. */
export interface TlsWatching {
  readonly onChange: (pair: TlsPair) => void;
  /** Called once per change that makes the files unusable; the current pair stays in use. */
  readonly onUnusable: (error: ConfigError) => void;
  /** The time without changes before the files are read, ms, because a pair is written in several steps. */
  readonly settleMs?: number;
  /** The polling interval, ms, for systems that do not report changes (network file systems, some containers). */
  readonly lookMs?: number;
}

/**
 * Watches both files through system events of their directories and by polling. Links are followed, so a replaced link,
 * as used by certbot and Kubernetes, is detected too.
 *
 * @returns a function that stops watching
 */
export function watchTlsFiles(paths: TlsPaths, watching: TlsWatching): () => void {
  const { settleMs = 500, lookMs = 30_000 } = watching;
  let known = stateOf(paths);
  let seen = known;
  let settling: NodeJS.Timeout | undefined;

  function look(): void {
    const state = stateOf(paths);
    if (state === seen) return;
    seen = state;
    clearTimeout(settling);
    settling = setTimeout(onSettled, settleMs);
    settling.unref();
  }

  function onSettled(): void {
    const state = stateOf(paths);
    if (state !== seen) {
      look();
      return;
    }
    if (state === known) return;
    known = state;
    try {
      watching.onChange(readTlsFiles(paths));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      watching.onUnusable(error);
    }
  }

  const watchers = [...new Set([dirname(paths.cert), dirname(paths.key)])].flatMap((directory) =>
    watchDirectory(directory, look),
  );
  const timer = setInterval(look, lookMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    clearTimeout(settling);
    for (const watcher of watchers) watcher.close();
  };
}

/** Watches a directory; if the system cannot, polling must suffice. */
function watchDirectory(directory: string, onEvent: () => void): readonly FSWatcher[] {
  try {
    const watcher = watch(directory, { persistent: false }, onEvent);
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}

/** Returns a value that changes whenever one of the files is written or replaced. */
function stateOf(paths: TlsPaths): string {
  return [paths.cert, paths.key].map(stateOfFile).join(' ');
}

function stateOfFile(path: string): string {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(path);
    return [dev, ino, size, mtimeMs, ctimeMs].join(':');
  } catch {
    return 'missing';
  }
}

import { join } from 'node:path';
import type { Accounts, FileName, FileRecords, Files } from '@everywire/chat';
import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { ConcurrencyLimiter } from '../concurrency-limiter.js';
import type { InFlightRequests } from '../in-flight-requests.js';
import type { Logger } from '../logger.js';
import type { SignIn } from '../sign-in.js';
import { type AttachmentLimits, defaultAttachmentLimits } from './attachment-limits.js';
import type { Avatars } from './avatars.js';
import { claimFiles } from './claim-files.js';
import { FileReaders } from './file-readers.js';
import { addFileRoutes, UPLOADS_PATH } from './file-routes.js';
import { openCookieKey } from './files-cookie.js';
import { findUnnamedAvatars, findUnrecordedFiles } from './find-orphans.js';
import { Inspector } from './inspector.js';
import { OrphanSweep } from './orphan-sweep.js';
import { UploadServer } from './uploads.js';

/** Options of `addAttachments`. */
export interface AttachmentsOptions {
  /** Stores the bytes. The creator closes it. */
  readonly files: Files;
  /** Records of the files; in the same store as the log. */
  readonly records: FileRecords;
  /** Directory of uploads in progress; created readable by its owner alone. */
  readonly uploadsDirectory: string;
  readonly limits?: Partial<AttachmentLimits>;
}

/** Services of the chat server that the attachment routes use. */
export interface AttachmentsContext {
  readonly signIn: Pick<SignIn, 'authenticate' | 'authenticateHash' | 'signedStill'>;
  readonly log: Logger;
  readonly avatars: Avatars;
  readonly lasting: InFlightRequests;
  readonly accounts: Pick<Accounts, 'usersByAvatar' | 'initSetting'>;
  readonly wallNow: () => number;
}

/** The file with the key of the files cookie. No upload can have this name, so no request can read the file. */
const COOKIE_KEY_FILE = 'files-cookie.key';
const SWEEP_MS = 10 * 60 * 1_000;

/**
 * Adds the attachment routes, and sweeps periodically until the app closes. Returns `sweepUnused`, which immediately
 * removes the expired files that no message carries and resolves when they are gone.
 *
 * @throws ForeignFilesError when the files belong to another store
 */
export async function addAttachments(
  app: FastifyInstance,
  { files, records, uploadsDirectory, limits }: AttachmentsOptions,
  { signIn, avatars, accounts, lasting, log, wallNow }: AttachmentsContext,
): Promise<{ readonly sweepUnused: () => Promise<void> }> {
  const orphans = {
    unnamed: (names: readonly FileName[]) => findUnnamedAvatars(accounts, names),
    unrecorded: (names: readonly FileName[]) => findUnrecordedFiles(records, names),
  };
  const knownOf = async (names: readonly FileName[]): Promise<readonly FileName[]> => {
    const unknown = new Set([...(await orphans.unnamed(names)), ...(await orphans.unrecorded(names))]);
    return names.filter((name) => !unknown.has(name));
  };
  const store = await claimFiles({ files, accounts, knownOf, log });
  const allLimits = { ...defaultAttachmentLimits, ...limits };
  const inspector = new Inspector(allLimits, log);
  const uploads = await UploadServer.open({
    files,
    records,
    inspector,
    wallNow,
    directory: uploadsDirectory,
    path: UPLOADS_PATH,
    limits: allLimits,
  });
  await app.register(cookie);
  const readers = new FileReaders(signIn, await openCookieKey(join(uploadsDirectory, COOKIE_KEY_FILE)));
  addFileRoutes(app, { uploads, files, records, avatars, readers, lasting });
  const { avatarGraceMs, orphanGraceMs, orphanSweepFiles: filesMax } = allLimits;
  const unnamed = new OrphanSweep({
    files,
    store,
    filesMax,
    wallNow,
    graceMs: avatarGraceMs,
    orphansOf: orphans.unnamed,
  });
  const unrecorded = new OrphanSweep({
    files,
    store,
    filesMax,
    wallNow,
    graceMs: orphanGraceMs,
    orphansOf: orphans.unrecorded,
  });
  const sweeps = new ConcurrencyLimiter(1);
  const sweepUnused = (): Promise<void> => sweeps.run(() => uploads.sweep());
  const failed = (error: unknown): void =>
    log.error('Unused files could not be removed; the next sweep retries.', error);
  let sweeping = false;
  const sweep = async (): Promise<void> => {
    if (sweeping) return;
    sweeping = true;
    await sweepUnused().catch(failed);
    for (const each of [unnamed, unrecorded]) await each.sweep().catch(failed);
    sweeping = false;
  };
  const timer = setInterval(sweep, SWEEP_MS);
  timer.unref();
  app.addHook('onClose', async () => {
    clearInterval(timer);
    await inspector.close();
  });
  return { sweepUnused };
}

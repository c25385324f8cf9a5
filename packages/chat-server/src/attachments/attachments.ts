import type { FileRecords, Files } from '@everywire/chat';
import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../log.js';
import type { SignIn } from '../sign-in.js';
import { type AttachmentLimits, defaultAttachmentLimits } from './attachment-limits.js';
import type { Avatars } from './avatars.js';
import { FileReaders } from './file-readers.js';
import { addFileRoutes, uploadsPath } from './file-routes.js';
import { Uploads } from './uploads.js';

export interface AttachmentsOptions {
  /** Their bytes. The creator closes it. */
  readonly files: Files;
  /** In the same store as the log. */
  readonly records: FileRecords;
  /** Where bytes on their way lie; made for the owner alone. */
  readonly uploadsDirectory: string;
  readonly limits?: Partial<AttachmentLimits>;
}

export interface AttachmentsContext {
  readonly signIn: Pick<SignIn, 'authenticate' | 'authenticateHash'>;
  readonly log: Log;
  readonly avatars: Avatars;
  readonly wallNow: () => number;
}

const sweepMs = 10 * 60 * 1_000;

/** Adds the routes of attachments, and sweeps now and then until the app closes. */
export async function addAttachments(
  app: FastifyInstance,
  { files, records, uploadsDirectory, limits }: AttachmentsOptions,
  { signIn, avatars, log, wallNow }: AttachmentsContext,
): Promise<void> {
  const uploads = await Uploads.open({
    ...{ files, records, wallNow, directory: uploadsDirectory, path: uploadsPath },
    limits: { ...defaultAttachmentLimits, ...limits },
  });
  await app.register(cookie);
  addFileRoutes(app, { uploads, files, records, avatars, readers: new FileReaders(signIn) });
  const sweep = (): void => {
    uploads.sweep().catch((error: unknown) => log.error('Files that nobody needs could not be removed.', error));
  };
  const timer = setInterval(sweep, sweepMs);
  timer.unref();
  app.addHook('onClose', async () => clearInterval(timer));
}

import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Accounts, FileName, FileRecords, Files, User, UserId } from '@everywire/chat';
import { RestRefusal } from '../error-codes.js';
import { Turns } from '../turns.js';
import { previewName } from './inspect-file.js';

export interface AvatarsOptions {
  readonly accounts: Accounts;
  readonly files: Files;
  readonly records: Pick<FileRecords, 'file'>;
}

/** Below the address that the cookie of files is good for, so that `img` may show them. */
export const avatarsPath = '/api/files/avatars';

/** Pixels of a side: what the largest place in the page shows, twice over. */
const side = 256;
/** Of WebP. A square this small is a few kilobytes at any, so it is no setting. */
const quality = 82;

/**
 * Pictures of people. Each is made of an upload of the person's own: its middle square, drawn anew from the preview, so that what was read as a picture
 * within all limits is the only thing that is decoded, and nothing of a camera is left. It has a name of its own and outlives the upload.
 */
export class Avatars {
  readonly #options: AvatarsOptions;
  /** One change after the other, so that each knows which picture it replaces. */
  readonly #changes = new Turns(1);

  constructor(options: AvatarsOptions) {
    this.#options = options;
  }

  /** @throws RestRefusal `not_found`: no finished upload of theirs; `picture_unreadable`: not a picture. `FilesError` where the disk does not take it. */
  set(user: UserId, upload: FileName): Promise<User> {
    return this.#changes.run(async () => {
      const { files, records } = this.#options;
      const record = await records.file(user, upload);
      if (record === null || record.owner !== user || record.ref === null) throw new RestRefusal('not_found');
      const bytes = record.ref.picture === undefined ? null : await files.read(previewName(upload), null);
      if (bytes === null) throw new RestRefusal('picture_unreadable');
      const preview = await buffer(Readable.from(bytes));
      const { default: sharp } = await import('sharp');
      const square = await sharp(preview)
        .resize({ width: side, height: side, fit: 'cover' })
        .webp({ quality })
        .toBuffer();
      const id = randomBytes(16).toString('hex');
      await files.put(nameOf(id), Readable.from([square]));
      return this.#change(user, `${avatarsPath}/${id}`);
    });
  }

  remove(user: UserId): Promise<User> {
    return this.#changes.run(() => this.#change(user, ''));
  }

  /** `null` where there is none, because it was replaced. */
  async read(id: string): Promise<AsyncIterable<Uint8Array> | null> {
    return this.#options.files.read(nameOf(id), null);
  }

  async #change(id: UserId, avatar: string): Promise<User> {
    const { accounts, files } = this.#options;
    const [before] = await accounts.users([id]);
    const changed = await accounts.changeUser(id, { avatar });
    if (changed.outcome !== 'changed') throw new RestRefusal('unauthenticated');
    const old = before?.avatar.startsWith(`${avatarsPath}/`) ? before.avatar.slice(avatarsPath.length + 1) : null;
    if (old !== null) await files.remove([nameOf(old)]);
    return changed.user;
  }
}

function nameOf(id: string): FileName {
  return `${id}.avatar`;
}

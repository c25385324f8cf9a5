import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  type Accounts,
  type ChangeCondition,
  type ChangeOfUser,
  type FileName,
  type FileRecords,
  type Files,
  FilesError,
  type Store,
  type User,
  type UserChange,
  type UserId,
} from '@everywire/chat';
import { RestRefusal } from '../error-codes.js';
import { type Asker, knownPeople } from '../known-people.js';
import type { AttachmentLimits } from './attachment-limits.js';
import { avatarAddress, avatarFile, avatarFileAt } from './avatar-files.js';
import { FairQueue } from './fair-queue.js';
import { previewName } from './inspect-file.js';
import { loadSharp } from './load-sharp.js';

/** Options of `Avatars`. */
export interface AvatarsOptions {
  readonly accounts: Accounts;
  readonly store: Store;
  readonly files: Files;
  readonly records: Pick<FileRecords, 'file'>;
  readonly limits: Pick<
    AttachmentLimits,
    'avatarChangesAtOnce' | 'avatarChangesWaitingMax' | 'avatarPeopleMax' | 'inspectionUsedHalfLifeMs'
  >;
}

const RETRY_MS = 1_000;

/** Pixels of a side. Twice the largest size that the page displays. */
const SIDE = 256;
/** WebP quality. A square this small takes a few kilobytes at any quality, so this is not a setting. */
const QUALITY = 82;

/**
 * Manages the avatars of users. An avatar is the middle square of the preview of the user's own upload, re-encoded. So
 * only bytes that passed the inspection are decoded, and no camera metadata remains. An avatar has its own file and
 * outlives the upload.
 */
export class Avatars {
  readonly #options: AvatarsOptions;
  /**
   * Serializes the changes of each user, so that each change knows which picture it replaces. A slow change delays no
   * other user.
   */
  readonly #changes: FairQueue<UserId>;

  constructor(options: AvatarsOptions) {
    this.#options = options;
    const { limits } = options;
    this.#changes = new FairQueue({
      atOnce: limits.avatarChangesAtOnce,
      waitingPerKeyMax: limits.avatarChangesWaitingMax,
      keysWaitingMax: limits.avatarPeopleMax,
      usedHalfLifeMs: limits.inspectionUsedHalfLifeMs,
    });
  }

  /**
   * Sets the user's avatar from a finished upload of the same user.
   * @throws RestRefusal `not_found`: no such upload; `picture_unreadable`: not a picture; `busy`: too many changes
   *   wait. Throws `FilesError` if the disk rejects the write.
   */
  set(user: UserId, upload: FileName): Promise<User> {
    return this.#inTurn(user, async () => {
      const { files, records } = this.#options;
      const record = await records.file(user, upload);
      if (record === null || record.owner !== user || record.ref === null) throw new RestRefusal('not_found');
      const bytes = record.ref.picture === undefined ? null : await files.read(previewName(upload), null);
      if (bytes === null) throw new RestRefusal('picture_unreadable');
      const preview = await buffer(bytes);
      const sharp = await loadSharp();
      const square = await sharp(preview)
        .resize({ width: SIDE, height: SIDE, fit: 'cover' })
        .webp({ quality: QUALITY })
        .toBuffer();
      const id = randomBytes(16).toString('hex');
      await files.put(avatarFile(id), Readable.from([square]));
      return changedUser(await this.#change(user, { avatar: avatarAddress(id) }, { state: 'active' }));
    });
  }

  /**
   * Removes the user's avatar.
   * @throws RestRefusal `busy`
   */
  remove(user: UserId): Promise<User> {
    return this.#inTurn(user, async () => changedUser(await this.#change(user, { avatar: '' }, { state: 'active' })));
  }

  /**
   * Applies a change that includes a new `avatar`, possibly an address elsewhere, and deletes the previous avatar file.
   * @throws RestRefusal `busy`
   */
  replace(user: UserId, change: UserChange & Pick<User, 'avatar'>, condition?: ChangeCondition): Promise<ChangeOfUser> {
    return this.#inTurn(user, () => this.#change(user, change, condition));
  }

  /**
   * Returns the bytes of an avatar; `null` if it was replaced, or if the asker is a guest and knows none of the users
   * who have it.
   */
  async read(asker: Asker, id: string): Promise<AsyncIterable<Uint8Array> | null> {
    if (asker.guest && !(await this.#showsAcquaintance(asker, id))) return null;
    return this.#options.files.read(avatarFile(id), null);
  }

  async #inTurn<Result extends object>(user: UserId, change: () => Promise<Result>): Promise<Result> {
    const changed = await this.#changes.run(user, change);
    if (changed === 'busy') throw new RestRefusal('busy', RETRY_MS);
    return changed;
  }

  async #showsAcquaintance(asker: Asker, id: string): Promise<boolean> {
    const shown = await this.#options.accounts.usersByAvatar(avatarAddress(id));
    const known = await knownPeople(
      asker,
      shown.map(({ id: user }) => user),
      this.#options,
    );
    return known.size > 0;
  }

  async #change(id: UserId, change: UserChange, condition?: ChangeCondition): Promise<ChangeOfUser> {
    const { accounts } = this.#options;
    const [before] = await accounts.users([id]);
    const changed = await accounts.changeUser(id, change, condition);
    const former = changed.outcome === 'changed' ? avatarFileAt(before?.avatar ?? '') : null;
    if (former !== null) await this.#delete(former);
    return changed;
  }

  /** Ignores a failure of the disk, because the account has already changed, and the sweep deletes the leftover file later. */
  async #delete(name: FileName): Promise<void> {
    try {
      await this.#options.files.remove([name]);
    } catch (error) {
      if (!(error instanceof FilesError)) throw error;
    }
  }
}

function changedUser(changed: ChangeOfUser): User {
  if (changed.outcome !== 'changed') throw new RestRefusal('unauthenticated');
  return changed.user;
}

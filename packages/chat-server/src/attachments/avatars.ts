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
import { FairTurns } from './fair-turns.js';
import { previewName } from './inspect-file.js';
import { loadSharp } from './load-sharp.js';

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

const retryMs = 1_000;

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
  /** The changes of one person one after the other, so that each knows which picture it replaces; slow ones of one person delay no other. */
  readonly #changes: FairTurns<UserId>;

  constructor(options: AvatarsOptions) {
    this.#options = options;
    const { limits } = options;
    this.#changes = new FairTurns({
      atOnce: limits.avatarChangesAtOnce,
      waitingPerKeyMax: limits.avatarChangesWaitingMax,
      keysWaitingMax: limits.avatarPeopleMax,
      usedHalfLifeMs: limits.inspectionUsedHalfLifeMs,
    });
  }

  /** @throws RestRefusal `not_found`: no finished upload of theirs; `picture_unreadable`: not a picture; `busy`: too many changes wait. `FilesError` where the disk does not take it. */
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
        .resize({ width: side, height: side, fit: 'cover' })
        .webp({ quality })
        .toBuffer();
      const id = randomBytes(16).toString('hex');
      await files.put(avatarFile(id), Readable.from([square]));
      return changedUser(await this.#change(user, { avatar: avatarAddress(id) }, { state: 'active' }));
    });
  }

  remove(user: UserId): Promise<User> {
    return this.#inTurn(user, async () => changedUser(await this.#change(user, { avatar: '' }, { state: 'active' })));
  }

  /** Changes an account that names another picture from now on, one elsewhere as well, and deletes the file of the former one. @throws RestRefusal `busy` */
  replace(user: UserId, change: UserChange & Pick<User, 'avatar'>, condition?: ChangeCondition): Promise<ChangeOfUser> {
    return this.#inTurn(user, () => this.#change(user, change, condition));
  }

  /** `null` where there is none, because it was replaced, or where it shows nobody the asker knows. */
  async read(asker: Asker, id: string): Promise<AsyncIterable<Uint8Array> | null> {
    if (asker.guest && !(await this.#showsAcquaintance(asker, id))) return null;
    return this.#options.files.read(avatarFile(id), null);
  }

  async #inTurn<Result extends object>(user: UserId, change: () => Promise<Result>): Promise<Result> {
    const changed = await this.#changes.run(user, change);
    if (changed === 'busy') throw new RestRefusal('busy', retryMs);
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

  /** The account has changed by then, so a disk that fails refuses nothing: the sweep deletes what is left. */
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

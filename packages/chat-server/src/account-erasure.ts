import { randomBytes } from 'node:crypto';
import {
  type CommandContext,
  type CommandPlan,
  type ConversationId,
  type Erasure,
  type Membership,
  planCommand,
  planEraseText,
  planEraseUnseen,
  StoreError,
  type UserId,
} from '@everywire/chat';
import type { BrokenInvariants } from './broken-invariants.js';
import type { CommandDependencies } from './command-dependencies.js';
import { findHeirsAvoided } from './find-heirs-avoided.js';
import type { ChatServerLimits } from './limits.js';
import type { Logger } from './logger.js';

/** Time between two looks for erasures that another node left unfinished. */
const LOOK_MS = 3_600_000;

type Context = CommandContext & { readonly commandId: string };

/** Dependencies of `AccountErasure`. */
export interface AccountErasureOptions {
  readonly dependencies: Pick<CommandDependencies, 'store' | 'accounts' | 'limits' | 'wallNow' | 'newMessageId'> & {
    readonly hints: Pick<CommandDependencies['hints'], 'announce'>;
  };
  readonly limits: Pick<ChatServerLimits, 'erasedTextsAtOnce' | 'erasureRetryMs'>;
  /** Deletes the bytes and the records (such as names) of files that no message contains any more. */
  readonly sweepFiles: () => Promise<void>;
  readonly log: Logger;
  readonly broken: BrokenInvariants;
}

/**
 * Removes the content of deleted accounts from conversations, in small changes. Deletes the user's notes, leaves groups
 * and transfers their ownership (or deletes them if no member remains), recalls the user's texts if the administrator
 * chose so, and deletes drafts, settings and files. Finally, overwrites the deleted data in the store's own files.
 * Pending erasures are on record (`Accounts.erasures`), so they resume after a crash, here or within the hour on another node; each step is idempotent.
 */
export class AccountErasure {
  readonly #options: AccountErasureOptions;
  #running: Promise<void> | null = null;
  #again = false;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: AccountErasureOptions) {
    this.#options = options;
  }

  /**
   * Processes all pending erasures, now and once an hour from then on. The caller must call this after a
   * deletion and at start. No-op once closed.
   */
  wake(): void {
    if (this.#closed) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#again = this.#running !== null;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      if (this.#again) this.wake();
    });
  }

  /** Stops, and resolves once no erasure is in progress. The remaining erasures resume after the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { dependencies, limits, log } = this.#options;
    let failed = false;
    try {
      for (const due of await dependencies.accounts.erasures()) failed = !(await this.#erase(due)) || failed;
    } catch (error) {
      failed = true;
      if (!(error instanceof StoreError)) log.error('Deleted accounts could not be erased.', error);
    }
    // Looks again even without a failure, because another node may have died during an erasure that it had begun.
    const waitMs = failed ? limits.erasureRetryMs : LOOK_MS;
    if (!this.#closed) this.#timer = setTimeout(() => this.wake(), waitMs).unref();
  }

  /**
   * Runs one erasure. Returns whether it completed. Never rejects, so that a failure does not delay the other erasures.
   */
  async #erase(due: Erasure): Promise<boolean> {
    const { dependencies, sweepFiles, log } = this.#options;
    const { store, accounts } = dependencies;
    try {
      const memberships = await store.memberships(due.user);
      for (const membership of memberships) await this.#depart(due.user, membership);
      for (const { conversation } of due.texts === 'remove' ? memberships : [])
        await this.#eraseTexts(due.user, conversation);
      if (this.#closed) return false;
      await store.forgetUser(due.user);
      // The files must be deleted before the purge, which overwrites their names.
      await sweepFiles();
      if (!(await store.purge())) return false;
      await accounts.settleErasure(due.user);
      log.info(`Account ${due.user} is erased.`);
      return true;
    } catch (error) {
      if (!(error instanceof StoreError)) log.error(`Account ${due.user} could not be erased.`, error);
      return false;
    }
  }

  async #depart(user: UserId, { conversation, kind, open }: Membership): Promise<void> {
    if (kind === 'direct') return;
    if (open && kind !== 'notes') {
      const heirsAvoided = await findHeirsAvoided(user, conversation, this.#options.dependencies);
      await this.#change(user, 'leave', (context) =>
        planCommand({ command: 'leave', id: context.commandId, conversation }, { ...context, heirsAvoided }),
      );
    }
    await this.#change(user, 'delete', (context) => planEraseUnseen(conversation, context));
  }

  async #eraseTexts(user: UserId, conversation: ConversationId): Promise<void> {
    const { store } = this.#options.dependencies;
    for (let after: number | null = 0; after !== null && !this.#closed; ) {
      const { texts, next }: Awaited<ReturnType<typeof store.ownTexts>> = await store.ownTexts(
        user,
        conversation,
        after,
        this.#options.limits.erasedTextsAtOnce,
      );
      for (const name of texts)
        await this.#change(user, 'recall', (context) => planEraseText(conversation, name, context));
      after = next;
    }
  }

  /** Applies one change. No-op while the server is stopping, because the erasure resumes after the next start. */
  async #change(
    user: UserId,
    command: 'leave' | 'delete' | 'recall',
    plan: (context: Context) => CommandPlan,
  ): Promise<void> {
    if (this.#closed) return;
    const { store, hints, limits, wallNow, newMessageId } = this.#options.dependencies;
    const now = wallNow();
    const id = randomBytes(16).toString('hex');
    const planned = plan({ actor: user, now, messageId: newMessageId(), limits, commandId: id });
    if (planned.outcome === 'refused') return;
    const change = await store.change({ ...planned, key: { user, id, hash: '', at: now } });
    // If a defect of the program prevents the change, the erasure stays pending.
    if (this.#options.broken.note(change, { command })) throw new Error('A change was refused with internal.');
    if (change.outcome === 'committed') hints.announce(change.notices, null);
  }
}

import type { KeyedCommand, UserId } from '@everywire/chat';
import { CoalescedCheck } from './coalesced-check.js';
import type { CommandDependencies } from './command-dependencies.js';
import { inBatches } from './in-batches.js';
import { forgetUnknownPeople } from './known-people.js';
import type { LiveSession } from './live-sessions.js';
import type { Logger } from './logger.js';
import type { VisibilityChange } from './node-message.js';
import { visibleOnes } from './presence-seen.js';
import { presenceTopic } from './topics.js';

type VisibilityParts = Pick<CommandDependencies, 'sessions' | 'store' | 'accounts'> & {
  /** Sends a message to every other node; `null` if there is no other node. */
  readonly sendToNodes: ((change: VisibilityChange) => void) | null;
  readonly log: Logger;
};

/**
 * Unsubscribes sessions, on every node, from people they may no longer see, after a block or after a guest left a
 * conversation (CH-39).
 */
export class Visibility {
  readonly #parts: VisibilityParts;
  readonly #recheck: CoalescedCheck;

  constructor(parts: VisibilityParts) {
    this.#parts = parts;
    this.#recheck = new CoalescedCheck(
      () => this.#checkAll(),
      (error) => this.#fail(error),
    );
  }

  /**
   * Applies a committed command. Resolves when sessions here see no more than they may, or once the store has failed;
   * then they are checked until it answers. Never rejects, because the command is committed.
   */
  async narrow(actor: UserId, command: KeyedCommand): Promise<void> {
    for (const change of changesBy(actor, command)) {
      this.#parts.sendToNodes?.(change);
      await this.#apply(change).catch(() => this.check());
    }
  }

  /** Applies a change from another node. */
  receive(change: VisibilityChange): void {
    this.#apply(change).catch(() => this.check());
  }

  /** Checks all sessions again, because messages from other nodes may have been missed. */
  check(): void {
    this.#recheck.call();
  }

  /** Retries a failed check. The caller must call this each second. */
  tick(): void {
    this.#recheck.tick();
  }

  async #apply(change: VisibilityChange): Promise<void> {
    const { sessions } = this.#parts;
    if (change.of === 'blocked') {
      const { by, user } = change;
      for (const session of sessions.all()) if (session.user === user) session.wire.leave(presenceTopic(by));
      return;
    }
    for (const session of sessions.all()) {
      const isAffected = change.who === 'everybody' || session.user === change.who;
      if (session.guest && isAffected) await forgetUnknownPeople(session, this.#parts);
    }
  }

  async #checkAll(): Promise<void> {
    await inBatches(this.#parts.sessions.all(), async (session) => {
      if (session.guest) await forgetUnknownPeople(session, this.#parts);
      if (session.looking.size > 0) await this.#lookAgain(session);
    });
  }

  async #lookAgain(session: LiveSession): Promise<void> {
    const { looking } = session;
    const visible = await visibleOnes(session, looking, this.#parts);
    for (const user of looking) if (!visible.has(user)) session.wire.leave(presenceTopic(user));
  }

  #fail(error: unknown): void {
    this.#parts.log.error(
      'The visible people of sessions could not be updated; some may still see people they must not see.',
      error,
    );
  }
}

function changesBy(actor: UserId, command: KeyedCommand): readonly VisibilityChange[] {
  switch (command.command) {
    case 'leave':
      return [{ of: 'left', who: actor }];
    case 'remove':
      return [{ of: 'left', who: command.user }];
    case 'delete':
      return [{ of: 'left', who: 'everybody' }];
    case 'block': {
      // A guest knows the people whom the guest blocks, and may no longer know one after unblocking.
      const left = { of: 'left', who: actor } as const;
      return command.blocked ? [{ of: 'blocked', by: actor, user: command.user }, left] : [left];
    }
    default:
      return [];
  }
}

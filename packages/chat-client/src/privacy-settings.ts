import type { PrivacyCommand, UserId } from '@everywire/chat';
import { mintId } from './mint-id.js';
import type { Person } from './person.js';
import type { RequestChannel } from './request-channel.js';

/** The user's privacy choices. */
export interface Privacy {
  /** Whether others see when the user has read their messages. */
  readonly receipts: boolean;
  /** The users whom this user has blocked, ordered by account id. */
  readonly blocked: readonly Person[];
}

/** Manages what others can see of the user and who may write to the user. All promises reject with `ChatFailure`. */
export interface PrivacySettings {
  /** Fetches the current choices. */
  get(): Promise<Privacy>;
  /** Sets whether others see when the user reads their messages. Takes effect for messages read from now on. */
  setReceipts(on: boolean): Promise<void>;
  /**
   * Blocks a user: neither can write to the other, and the blocked user does not see the user's presence. Groups are
   * unaffected.
   */
  block(user: number): Promise<void>;
  unblock(user: number): Promise<void>;
}

/** The part of `Engine` that this file uses. Not imported from there, because `Engine` depends on this file. */
interface Commands {
  readonly ask: RequestChannel['ask'];
  readonly people: { fetch(ids: readonly UserId[]): Promise<readonly Person[]> };
  command(command: PrivacyCommand): Promise<object>;
}

/** Creates the privacy interface of a client. */
export function createPrivacySettings(engine: Commands): PrivacySettings {
  const run = async (command: PrivacyCommand): Promise<void> => void (await engine.command(command));
  return {
    get: async () => {
      const { receipts, blocked } = await engine.ask({ command: 'privacy' });
      return { receipts, blocked: await engine.people.fetch(blocked) };
    },
    setReceipts: (on) => run({ command: 'setReceipts', id: mintId(), on }),
    block: (user) => run({ command: 'block', id: mintId(), user, blocked: true }),
    unblock: (user) => run({ command: 'block', id: mintId(), user, blocked: false }),
  };
}

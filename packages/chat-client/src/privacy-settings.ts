import type { PrivacyCommand, UserId } from '@everywire/chat';
import { mintId } from './mint-id.js';
import type { Person } from './person.js';
import type { RequestChannel } from './request-channel.js';

/** One's own choices. */
export interface Privacy {
  readonly receipts: boolean;
  /** In the order of their accounts. */
  readonly blocked: readonly Person[];
}

/** What others get to know, and who may write. Failures: `ChatFailure`. */
export interface PrivacySettings {
  /** As the server has it now. */
  get(): Promise<Privacy>;
  /** Whether others are told what one has read; from the next reading on. */
  setReceipts(on: boolean): Promise<void>;
  /** Neither writes to the other, and the other is not told whether one is there. Groups go on as they are. */
  block(user: number): Promise<void>;
  unblock(user: number): Promise<void>;
}

/** Of the engine, only what is used: it is built on the types of this client. */
interface Commands {
  readonly ask: RequestChannel['ask'];
  readonly people: { fetch(ids: readonly UserId[]): Promise<readonly Person[]> };
  command(command: PrivacyCommand): Promise<object>;
}

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

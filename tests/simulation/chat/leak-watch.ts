import type {
  CommitEvent,
  ConversationId,
  Entry,
  LogHead,
  MessageRow,
  Notice,
  Query,
  ServerEvent,
  UserId,
} from '@everywire/chat';
import type { Device } from './device.js';
import type { Reply } from './server-node.js';
import { headOf, isOpen, maySee, openUsers, type TrueConversation } from './truth.js';
import type { World } from './world.js';
import { worldLimits } from './world-limits.js';

/**
 * Checks every event and answer that the server sends to a device, when it is sent. CH-3: it contains nothing that the
 * user may not see. CH-4: no answer is too large.
 */
export class LeakWatch {
  readonly #world: World;
  /**
   * Users who may receive an event, by the text of the event, and for commits also by `keyOf`. They are the members at
   * the time of the commit, including a member who left by it.
   */
  readonly #allowedAt = new Map<string, ReadonlySet<UserId>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Call when a commit is published, before anything else commits. */
  noteCommit(notice: Notice): void {
    const { event } = notice;
    const conversation = this.#conversation(event.conversation);
    if (conversation === undefined) return;
    const head = headOf(conversation);
    const ended = [...conversation.members]
      .filter(([, member]) => member.periods.at(-1)?.to === head)
      .map(([user]) => user);
    const allowed = new Set([
      ...openUsers(conversation),
      ...(event.event === 'commit' && event.after.sequence > event.before.sequence ? ended : []),
    ]);
    this.#allowedAt.set(JSON.stringify(event), allowed);
    if (event.event === 'commit') this.#allowedAt.set(keyOf(event), allowed);
  }

  /** Checks an event before it is sent to a device. */
  checkEvent(device: Device, event: ServerEvent): void {
    if (event.event !== 'commit' && event.event !== 'receipt') return;
    const allowed = this.#allowedAt.get(event.event === 'commit' ? keyOf(event) : JSON.stringify(event));
    if (event.epoch !== this.#world.epoch) return;
    const what = `${device.name} ${event.event} of ${event.conversation} at ${JSON.stringify(event.event === 'commit' ? event.after : event.receipt)}`;
    if (allowed !== undefined && !allowed.has(device.user))
      this.#world.fail('CH-3', `sent outside of all periods: ${what}`);
    if (
      event.event === 'commit' &&
      event.row !== null &&
      !maySee(this.#conversation(event.conversation), device.user, event.row.sequence)
    ) {
      this.#world.fail('CH-3', `row outside the ranges: ${what}`);
    }
  }

  /** Checks the answer to a query before it is sent to a device. */
  checkReply(device: Device, query: Query, reply: Reply): void {
    if (!('ok' in reply)) return;
    const { ok } = reply;
    if ('entries' in ok) {
      const most = query.command === 'findConversations' ? worldLimits.searchRowsMax : worldLimits.bootstrapEntries;
      if (ok.entries.length > most) this.#world.fail('CH-4', `${ok.entries.length} entries in one answer`);
      for (const entry of ok.entries) this.#checkEntry(device, entry);
    }
    if ('entry' in ok && ok.entry !== null) this.#checkEntry(device, ok.entry);
    if ('rows' in ok && 'conversation' in query && query.conversation !== null) {
      const most = rowsAllowed(query);
      if (ok.rows.length > most) this.#world.fail('CH-4', `${ok.rows.length} rows in one answer`);
      this.#checkRows(device, query.conversation, ok.rows);
    }
  }

  #checkRows(device: Device, id: ConversationId, rows: readonly MessageRow[]): void {
    const conversation = this.#conversation(id);
    if (rows.length > 0 && !isOpen(conversation, device.user))
      this.#world.fail('CH-3', `${device.name}, a former member, reads ${id}`);
    for (const row of rows) {
      if (!maySee(conversation, device.user, row.sequence))
        this.#world.fail('CH-3', `${device.name} reads ${id}/${row.sequence}`);
    }
  }

  #checkEntry(device: Device, entry: Entry): void {
    const conversation = this.#conversation(entry.conversation);
    if (conversation === undefined) return;
    const last = conversation.members.get(device.user)?.periods.at(-1);
    if (entry.preview !== null) this.#checkRows(device, entry.conversation, [entry.preview]);
    if (last === undefined || last.to === null) return;
    // A former member sees the conversation as it was when the membership ended.
    const stub: LogHead & { name: string } = {
      sequence: last.to,
      modification: last.toModification ?? 0,
      name: last.endedName ?? '',
    };
    const shown = { sequence: entry.sequence, modification: entry.modification, name: entry.name };
    if (entry.member || JSON.stringify(shown) !== JSON.stringify(stub)) {
      this.#world.fail(
        'CH-3',
        `${device.name}, a former member, is shown ${JSON.stringify(entry)} instead of ${JSON.stringify(stub)}`,
      );
    }
  }

  #conversation(id: ConversationId): TrueConversation | undefined {
    return this.#world.truth.conversations.get(id);
  }
}

/** The most messages in the answer to the query. */
function rowsAllowed(query: Query): number {
  switch (query.command) {
    case 'page':
      return query.limit;
    case 'messages':
      return worldLimits.namesMax;
    case 'pins':
      return worldLimits.pinsMax;
    default:
      return worldLimits.changesRowsMax;
  }
}

/** Identifies a commit, independent of how much of it an event shows. */
function keyOf({ epoch, conversation, after }: CommitEvent): string {
  return JSON.stringify([epoch, conversation, after.sequence, after.modification]);
}

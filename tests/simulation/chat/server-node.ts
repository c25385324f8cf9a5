import {
  type Answers,
  type ChatLimits,
  type Command,
  type CommitEvent,
  type ConversationId,
  commandText,
  commitAudience,
  type FileRef,
  type Forward,
  type KeyedCommand,
  type Message,
  type MessagesAnswer,
  type Notice,
  type PeriodsView,
  planCommand,
  planDelivered,
  planDraft,
  planRead,
  type Query,
  type ReceiptEvent,
  type Refused,
  receiptAudience,
  type ServerEvent,
  type Store,
  type UserId,
} from '@everywire/chat';
import { seenRow } from '@everywire/chat/internal';
import { fakeHash } from '@everywire/testkit';
import { answerAsked, isAsked } from './node-queries.js';

export type Reply =
  | { readonly ok: Answers[keyof Answers] }
  | { readonly error: { readonly code: string; readonly retryable: boolean } };

/** What became of one command, for the truth to follow. */
export interface Done {
  readonly reply: Reply;
  /** To publish; empty when nothing was committed anew. */
  readonly notices: readonly Notice[];
  readonly committed: boolean;
  /** What a `forward` was made from, as it was read. */
  readonly forwarded?: Message | null;
}

export interface NodeOptions {
  readonly limits: ChatLimits;
  readonly mintId: () => string;
  readonly users: readonly UserId[];
}

/** One server process: what chat-server does between a session and the store, and its view of large conversations. Holds no rule. */
export class ServerNode {
  readonly #options: NodeOptions;
  readonly #views = new Map<ConversationId, PeriodsView>();

  constructor(options: NodeOptions) {
    this.#options = options;
  }

  /** The process was started again. */
  crash(): void {
    this.#views.clear();
  }

  async query(store: Store, user: UserId, query: Query, now: number): Promise<Reply> {
    const { limits, users } = this.#options;
    if (isAsked(query)) return answerAsked(store, user, query, { limits, users, now });
    switch (query.command) {
      case 'list':
        return { ok: await store.list(user, query.cursor, limits.listEntriesMax) };
      case 'listPage':
        return { ok: await store.listPage(user, query.after, limits.listEntriesMax) };
      case 'entry':
        return { ok: await store.entry(user, query.conversation) };
      case 'page': {
        const page = await store.page(user, query.conversation, query);
        return { ok: page.outcome === 'page' ? { ...page, rows: page.rows.map(seenRow) } : page };
      }
      case 'messages':
        return named(await store.messages(user, query.conversation, query.names));
      case 'pins':
        return named(await store.pins(user, query.conversation));
      case 'hidden':
        return { ok: await store.hidden(user, query.conversation, query.since, limits.changesRowsMax) };
      case 'changes': {
        const changes = await store.changes(user, query.conversation, query.since, limits.changesRowsMax);
        return { ok: changes.outcome === 'changes' ? { ...changes, rows: changes.rows.map(seenRow) } : changes };
      }
      case 'readers': {
        const readers = await store.readers(user, query.conversation, query.sequence);
        return readers.outcome === 'not_found' ? refusal('not_found') : { ok: readers };
      }
      default:
        return refusal('invalid');
    }
  }

  /** Begins at once; when it commits is the gate's affair. */
  async command(store: Store, actor: UserId, command: Command, now: number): Promise<Done> {
    switch (command.command) {
      case 'read':
        return done(await store.changeMember({ ...planRead(command, { actor, now }), user: actor }));
      case 'delivered':
        return done(await store.changeMember({ ...planDelivered(command, { now }), user: actor }));
      case 'draft':
        return done(await store.changeMember({ ...planDraft(command), user: actor }));
      case 'typing':
      case 'watch':
      case 'watchPresence':
      case 'present':
        return { reply: { ok: {} }, notices: [], committed: false };
      default:
        return this.#keyed(store, actor, command, now);
    }
  }

  async #keyed(store: Store, actor: UserId, command: KeyedCommand, now: number): Promise<Done> {
    const { limits, mintId } = this.#options;
    const forwarded = command.command === 'forward' ? await readForwarded(store, actor, command) : null;
    const secret = 'secret' in command ? { secretHash: fakeHash(command.secret) } : {};
    const plan = planCommand(command, {
      actor,
      now,
      messageId: mintId(),
      limits,
      forwarded,
      files: filesOf(command),
      ...secret,
    });
    if (plan.outcome === 'refused') return { reply: refusal(plan.code), notices: [], committed: false };
    const key = { user: actor, id: command.id, hash: commandText(command), at: now };
    const outcome = await store.change({ ...plan, key });
    if (outcome.outcome === 'refused') return { reply: refusal(checkedCode(outcome)), notices: [], committed: false };
    const ok = { ...outcome.result, epoch: outcome.epoch };
    if (outcome.outcome === 'repeated') return { reply: { ok }, notices: [], committed: false };
    return { reply: { ok }, notices: outcome.tell, committed: true, forwarded };
  }

  /** Which of this node's users get which event. */
  async audience(store: Store, notice: Notice): Promise<ReadonlyMap<UserId, ServerEvent>> {
    switch (notice.to) {
      case 'users':
        return new Map(notice.users.map((user) => [user, notice.event]));
      case 'members':
        return this.#withView(store, notice.event, (view) => commitAudience(view, notice.event));
      case 'watchers':
        return this.#withView(store, notice.event, (view) => receiptAudience(view, notice.event));
    }
  }

  async #withView<Event extends CommitEvent | ReceiptEvent>(
    store: Store,
    event: Event,
    choose: (view: PeriodsView) => ReturnType<typeof commitAudience>,
  ): Promise<ReadonlyMap<UserId, ServerEvent>> {
    const known = this.#views.get(event.conversation) ?? (await this.#readView(store, event.conversation));
    const first = choose(known);
    const audience = first.outcome === 'stale' ? choose(await this.#readView(store, event.conversation)) : first;
    if (audience.outcome === 'stale') return new Map();
    const headsOnly = 'row' in event ? { ...event, row: null } : event;
    return new Map<UserId, ServerEvent>([
      ...audience.withRow.map((user) => [user, event] as const),
      ...audience.headsOnly.map((user) => [user, headsOnly] as const),
    ]);
  }

  async #readView(store: Store, conversation: ConversationId): Promise<PeriodsView> {
    const view = await store.periods(conversation, this.#options.users);
    this.#views.set(conversation, view);
    return view;
  }
}

/** Every file is there, and is a picture: which files there are is no matter of the log. */
function filesOf(command: KeyedCommand): readonly FileRef[] | null {
  if (command.command !== 'setPicture' || command.file === null) return null;
  const picture = { width: 1, height: 1, placeholder: '' };
  return [{ id: command.file, name: 'p', kind: 'image', type: 'image/png', size: 1, picture }];
}

/** The ids of what was made. */
export function givenBy(reply: Reply): { readonly created: ConversationId | null; readonly invite: string | null } {
  if (!('ok' in reply)) return { created: null, invite: null };
  return {
    created: 'conversation' in reply.ok ? (reply.ok.conversation as ConversationId) : null,
    invite: 'invite' in reply.ok ? (reply.ok.invite as string) : null,
  };
}

/** A run fails on any assertion of the chat. */
function checkedCode({ code, invariant }: Refused): string {
  if (invariant !== undefined) throw new Error(`it does not hold that ${invariant}`);
  return code;
}

function refusal(code: string): Reply {
  return { error: { code, retryable: code === 'busy' } };
}

function done(outcome: Awaited<ReturnType<Store['changeMember']>>): Done {
  if (outcome.outcome === 'refused') return { reply: refusal(checkedCode(outcome)), notices: [], committed: false };
  return {
    reply: { ok: outcome.result as Answers[keyof Answers] },
    notices: outcome.tell as readonly Notice[],
    committed: true,
  };
}

async function readForwarded(store: Store, actor: UserId, { from, message }: Forward): Promise<Message | null> {
  const answer = await store.messages(actor, from, [message]);
  return answer.outcome === 'messages' ? (answer.rows[0] ?? null) : null;
}

function named(answer: MessagesAnswer): Reply {
  return { ok: answer.outcome === 'messages' ? { ...answer, rows: answer.rows.map(seenRow) } : answer };
}

import type {
  ChatLimits,
  ConversationId,
  Epoch,
  Message,
  MessageName,
  MessagesAnswer,
  Page,
  Store,
  Version,
} from '@everywire/chat';
import { AnswerBytes, isVisible, takeFitting, visibleSpans } from '@everywire/chat/internal';
import type { Database, Queries, Snapshot } from '../database/database.js';
import { findOpenMember, type OpenMember } from './open-member.js';
import { readLogPage, readThreadPage } from './page-reads.js';
import { hiddenOf, readMessages, seenBy } from './seen-messages.js';

/**
 * $1 the conversation, $2 a modification, $3 the user. Finds the messages that were touched (edited, recalled, marked)
 * after this modification and that the user has not hidden. `m.modification > 0` follows from the other condition;
 * PostgreSQL needs it to use the partial index `message_modification`.
 */
const TOUCHED = `SELECT m.sequence, m.modification FROM message m WHERE m.conversation = $1::int8 AND m.modification > $2::int8 AND m.modification > 0
  AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.conversation = m.conversation AND h.usr = $3::int8 AND h.sequence = m.sequence)
  ORDER BY m.modification`;

const PINNED = 'SELECT sequence FROM message WHERE conversation = $1::int8 AND pinned ORDER BY sequence';

type LogReads = Pick<Store, 'page' | 'changes' | 'messages' | 'pins' | 'versions' | 'hidden'>;

/**
 * Creates the reads of messages, limited to what the requesting member may see (CH-3). Each call reads one snapshot.
 */
export function createLogReads(database: Database, limits: ChatLimits): LogReads {
  // Answers a read if the user is a member of the conversation; otherwise `not_member`.
  const asMember = <Answer>(
    user: number,
    id: ConversationId,
    answer: (at: Snapshot, asking: OpenMember) => Promise<Answer>,
  ): Promise<Answer | { readonly outcome: 'not_member'; readonly epoch: Epoch }> =>
    database.snapshot(async (at) => {
      const asking = await findOpenMember(at, user, id);
      return asking === null ? { outcome: 'not_member', epoch: at.epoch } : answer(at, asking);
    });
  return {
    page: (user, id, request) =>
      asMember(user, id, async (at, asking) => {
        const { conversation, member } = asking;
        const { sequence, modification } = conversation;
        const { check, thread } = request;
        if (check !== null && !(await isKnown(at, asking, check))) return { outcome: 'reset', epoch: at.epoch };
        const seen = { visible: visibleSpans(member, sequence), head: sequence };
        const bounded = { ...request, limit: Math.min(request.limit, limits.pageRowsMax) };
        const read =
          thread === undefined ? readLogPage(at, id, seen, bounded) : readThreadPage(at, id, seen, bounded, thread);
        const found = await read;
        const rows = await seenBy(at, asking, found.rows);
        const head = { sequence, modification };
        const page: Page = {
          outcome: 'page',
          epoch: at.epoch,
          rows,
          covers: found.covers,
          head,
          hiddenAt: member.hiddenAt,
        };
        return found.damaged.length === 0 ? page : { ...page, damaged: found.damaged };
      }),

    changes: (user, id, since, limit, bytesMax) =>
      asMember(user, id, async (at, asking) => {
        const { conversation, member } = asking;
        const head = conversation.modification;
        if (since > head || head - since > limits.changesBumpsMax) return { outcome: 'reset', epoch: at.epoch };
        const touched = await at.query<{ sequence: number; modification: number }>(TOUCHED, [id, since, user]);
        const visible = touched.filter(({ sequence }) => isVisible(member, sequence));
        const wanted = visible.slice(0, Math.min(limit, limits.changesRowsMax));
        const found = await readMessages(
          at,
          id,
          wanted.map(({ sequence }) => sequence),
        );
        const looked = takeFitting(
          wanted.flatMap(({ sequence }) => found.get(sequence) ?? []),
          bytesMax,
        );
        const more = visible.length > looked.length;
        const to = more ? (visible[looked.length - 1]?.modification ?? head) : head;
        return { outcome: 'changes', epoch: at.epoch, since, rows: await seenBy(at, asking, looked), to, more };
      }),

    messages: (user, id, names, bytesMax) =>
      asMember(user, id, (at, asking) => {
        const ids = new Map(names.slice(0, limits.namesMax).map((name) => [name.sequence, name.id]));
        const mayBeSeen = (sequence: number) =>
          sequence <= asking.conversation.sequence && isVisible(asking.member, sequence);
        const sequences = [...ids.keys()].filter(mayBeSeen).sort((a, b) => a - b);
        return messagesOf(at, asking, sequences, {
          epoch: at.epoch,
          bytesMax,
          isWanted: (row) => row.id === ids.get(row.sequence),
        });
      }),

    pins: (user, id, bytesMax) =>
      asMember(user, id, async (at, asking) => {
        const pinned = (await at.query<{ sequence: number }>(PINNED, [id])).map(({ sequence }) => sequence);
        const sequences = pinned.filter((sequence) => isVisible(asking.member, sequence));
        return messagesOf(at, asking, sequences, { epoch: at.epoch, bytesMax, isWanted: () => true });
      }),

    versions: (user, id, message, { before, limit, bytesMax }) =>
      asMember(user, id, async (at, asking) => {
        const empty = { outcome: 'versions', epoch: at.epoch, versions: [], more: false } as const;
        const { sequence } = message;
        if (sequence > asking.conversation.sequence || !isVisible(asking.member, sequence)) return empty;
        if ((await readMessages(at, id, [sequence])).get(sequence)?.id !== message.id) return empty;
        const size = Math.min(limit, limits.editsMax);
        const rows = await at.query<{ modification: number; body: Buffer; at: number }>(
          `SELECT modification, body, at FROM version WHERE conversation = $1::int8 AND sequence = $2::int8 AND modification < $3::int8
           ORDER BY modification DESC LIMIT $4::int8`,
          [id, sequence, before ?? Number.MAX_SAFE_INTEGER, size + 1],
        );
        const parsed = rows.map((row): Pick<Version, 'modification' | 'body' | 'at'> => {
          const body = JSON.parse(row.body.toString('utf8')) as Version['body'];
          return { modification: row.modification, body, at: row.at };
        });
        const versions = takeFitting(parsed.slice(0, size), bytesMax);
        return { ...empty, versions, more: rows.length > versions.length };
      }),

    hidden: (user, id, since, limit) =>
      asMember(user, id, async (at, { member }) => {
        // Messages that one command hid have the same `at` and must be returned together; there are at most `namesMax`.
        const found = await at.query<{ sequence: number; at: number }>(
          `SELECT sequence, at FROM hidden WHERE conversation = $1::int8 AND usr = $2::int8 AND at > $3::int8
           ORDER BY at, sequence LIMIT $4::int8`,
          [id, user, since, limit + limits.namesMax],
        );
        const last = found[limit - 1];
        const given = last === undefined ? found : found.filter((each) => each.at <= last.at);
        const more = given.length < found.length;
        const to = more ? (given.at(-1)?.at ?? since) : member.hiddenAt;
        return {
          outcome: 'hidden',
          epoch: at.epoch,
          since,
          sequences: given.map(({ sequence }) => sequence),
          to,
          more,
        };
      }),
  };
}

/**
 * Returns whether the log still has the message that the client holds; otherwise the client must load the conversation
 * again (CH-26). Returns `true` also for a message that cannot be compared, because the member may no longer see it.
 */
async function isKnown(at: Queries, { conversation, member }: OpenMember, check: MessageName): Promise<boolean> {
  if (check.sequence > conversation.sequence) return false;
  if (!isVisible(member, check.sequence)) return true;
  const held = (await readMessages(at, conversation.id, [check.sequence])).get(check.sequence);
  return held === undefined || held.id === check.id;
}

/** Reads those messages of the sequences that are wanted and not hidden, in order, until `bytesMax` is reached. */
async function messagesOf(
  at: Queries,
  asking: OpenMember,
  sequences: readonly number[],
  { epoch, bytesMax, isWanted }: { epoch: Epoch; bytesMax: number | undefined; isWanted: (row: Message) => boolean },
): Promise<MessagesAnswer> {
  const { sequence, modification } = asking.conversation;
  const hidden = await hiddenOf(at, asking, sequences);
  const found = await readMessages(at, asking.conversation.id, sequences);
  const bytes = new AnswerBytes(bytesMax);
  const rows: Message[] = [];
  let more = false;
  for (const row of found.values()) {
    if (!isWanted(row) || hidden.has(row.sequence)) continue;
    more = !bytes.fits(row);
    if (more) break;
    rows.push(row);
  }
  const { hiddenAt } = asking.member;
  const answer = {
    outcome: 'messages',
    epoch,
    rows: await seenBy(at, asking, rows),
    head: { sequence, modification },
    hiddenAt,
  } as const;
  return more ? { ...answer, more } : answer;
}

import { BLOCK_MESSAGES, blockOf } from '@everywire/chat/internal';
import { columnTypes, statement } from '../../packages/store-postgres/dist/database/statement.js';
import { bytesOf, namesOf } from '../../packages/store-postgres/dist/log/columns.js';
import { CommandHash } from '../../packages/store-postgres/dist/log/command-hash.js';
import { HEAD_COLUMNS, parseConversation } from '../../packages/store-postgres/dist/log/conversation-row.js';
import { parseMember } from '../../packages/store-postgres/dist/log/member-row.js';
import { SAID_COLUMNS, TOUCHED_COLUMNS } from '../../packages/store-postgres/dist/log/message-columns.js';
import { pg } from './driver.mjs';
import { commandKey, keyOf, planOf } from './run-command.mjs';

const MESSAGE_COLUMNS = [...TOUCHED_COLUMNS, ...SAID_COLUMNS];

const FIND_KEY = 'SELECT hash, at, result FROM command_key WHERE usr = $1::int8 AND id = $2::bytea';
const FIND_INACTIVE = 'SELECT id FROM account WHERE id = $1::int8 AND state <> 0';
const LOCK_CONVERSATION = 'SELECT * FROM conversation WHERE id = $1::int8 FOR UPDATE';
const LOCK_MEMBERS = `SELECT m.*, i.activity, i.large FROM member m JOIN inbox i ON i.conversation = m.conversation AND i.usr = m.usr
  WHERE m.conversation = $1::int8 AND m.open_from IS NOT NULL ORDER BY m.usr FOR NO KEY UPDATE OF m`;
const FIND_BLOCKS = `SELECT usr FROM block
  WHERE (usr = $1::int8 AND blocked = $2::int8) OR (usr = $2::int8 AND blocked = $1::int8)`;
const APPEND = `INSERT INTO message (${namesOf(MESSAGE_COLUMNS)}, of_two) VALUES (${MESSAGE_COLUMNS.map(placeOf)}, true)`;
const MOVE_HEAD = `UPDATE conversation SET ${HEAD_COLUMNS.map((column, at) => `${column.name} = ${placeOf(column, at)}`)},
  stamp = pg_current_xact_id() WHERE id = $1::int8`;
const COUNT_SENT = 'UPDATE member SET sent = $3::int8 WHERE conversation = $1::int8 AND usr = $2::int8';
const STAMP = `UPDATE inbox SET stamp = pg_current_xact_id(), activity = $2::int8 WHERE conversation = $1::int8 AND is_open`;
const MAKE_DUE = 'INSERT INTO search_due (conversation, block) VALUES ($1::int8, $2::int8) ON CONFLICT DO NOTHING';
const KEEP_KEY = `INSERT INTO command_key (usr, id, hash, at, result)
  VALUES ($1::int8, $2::bytea, $3::text, $4::int8, $5::bytea)`;

/**
 * Sends by a transaction of one statement a step, each awaited and prepared. The domain decides, in this process, as it
 * does for the store. Of a plain send alone: no drafts, nothing of a key that is there but the refusal to take it
 * twice.
 */
export async function openNaive(url, connections) {
  const pool = new pg.Pool({ connectionString: url, max: connections, types: columnTypes, idleTimeoutMillis: 0 });
  const hash = new CommandHash(commandKey);
  return {
    send: async (request) => {
      const client = await pool.connect();
      const ask = async (text, values = []) => (await client.query(statement(text, values))).rows;
      try {
        await ask('BEGIN');
        await sendWithin(ask, request, hash);
        await ask('COMMIT');
        client.release();
      } catch (error) {
        client.release(error);
        throw error;
      }
    },
    close: () => pool.end(),
  };
}

async function sendWithin(ask, request, hash) {
  const key = keyOf(request);
  const id = Buffer.from(key.id, 'hex');
  const decision = planOf(request).decide(await lockRows(ask, request, id));
  if (decision.outcome === 'refused') throw new Error(`a send was refused: ${decision.code}`);
  const { changes, result } = decision;
  const { conversation } = changes;
  const [message] = changes.append;
  const [sender] = changes.members;
  await ask(
    APPEND,
    MESSAGE_COLUMNS.map((column) => column.of(message)),
  );
  await ask(
    MOVE_HEAD,
    HEAD_COLUMNS.map((column) => column.of(conversation)),
  );
  await ask(COUNT_SENT, [conversation.id, sender.user, sender.sent]);
  await ask(STAMP, [conversation.id, conversation.activity]);
  if (message.sequence % BLOCK_MESSAGES === 0) await ask(MAKE_DUE, [conversation.id, blockOf(message.sequence)]);
  await ask(KEEP_KEY, [key.user, id, hash.of(key.hash), key.at, bytesOf(JSON.stringify(result))]);
}

/** Locks the conversation, then both members, and returns what a plain send is decided on. */
async function lockRows(ask, { actor, command }, id) {
  const kept = await ask(FIND_KEY, [actor, id]);
  const inactive = await ask(FIND_INACTIVE, [actor]);
  if (kept.length + inactive.length > 0) throw new Error('a send was repeated, or its sender is not active');
  const [conversation] = (await ask(LOCK_CONVERSATION, [command.conversation])).map(parseConversation);
  const members = (await ask(LOCK_MEMBERS, [command.conversation])).map(parseMember);
  const blocks = await ask(FIND_BLOCKS, conversation.directKey);
  const open = members.map(({ user }) => user);
  const none = { messages: new Map(), hidden: new Set(), follows: new Map(), threadSent: new Map() };
  return {
    ...none,
    ...{ epoch: 'naive', conversation, newConversation: 0, open },
    members: new Map(members.map((member) => [member.user, member])),
    blocks: { mine: blocks.some(({ usr }) => usr === actor), theirs: blocks.some(({ usr }) => usr !== actor) },
    ...{ heir: null, position: null, invites: [], blockCount: 0, largeCounts: new Map() },
  };
}

function placeOf({ type }, at) {
  return `$${at + 1}::${type}`;
}

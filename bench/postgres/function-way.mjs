import { BLOCK_MESSAGES } from '@everywire/chat/internal';
import { columnTypes, statement } from '../../packages/store-postgres/dist/database/statement.js';
import { bytesOf } from '../../packages/store-postgres/dist/log/columns.js';
import { CommandHash } from '../../packages/store-postgres/dist/log/command-hash.js';
import { pg } from './driver.mjs';
import { commandKey, keyOf } from './run-command.mjs';

/**
 * Decides and writes a plain send, as `decide-send.ts` of the chat package and the store do: no drafts, no marks, and
 * no key that is there.
 */
const SEND_TEXT = `
CREATE FUNCTION send_text(
  actor int8, target int8, command_id bytea, command_hash text, now int8, message_id bytea, words bytea, OUT answer text, OUT users int8[]
) LANGUAGE plpgsql AS $$
DECLARE
  c conversation;
  m member;
  me member;
  said_at int8;
BEGIN
  PERFORM FROM command_key k WHERE k.usr = actor AND k.id = command_id;
  IF FOUND THEN RAISE 'a send was repeated'; END IF;
  PERFORM FROM account a WHERE a.id = actor AND a.state <> 0;
  IF FOUND THEN RAISE 'the sender is not active'; END IF;
  SELECT * INTO c FROM conversation f WHERE f.id = target FOR UPDATE;
  FOR m IN SELECT * FROM member f WHERE f.conversation = target AND f.open_from IS NOT NULL ORDER BY f.usr FOR NO KEY UPDATE LOOP
    users := users || m.usr;
    IF m.usr = actor THEN me := m; END IF;
  END LOOP;
  IF c.id IS NULL OR me.usr IS NULL THEN RAISE 'not_member'; END IF;
  IF c.flags & 16 <> 0 THEN RAISE 'conversation_deleted'; END IF;
  PERFORM FROM block b WHERE (b.usr = c.direct_smaller AND b.blocked = c.direct_larger) OR (b.usr = c.direct_larger AND b.blocked = c.direct_smaller);
  IF FOUND THEN RAISE 'blocked'; END IF;

  said_at := greatest(c.activity, now);
  INSERT INTO message (conversation, sequence, id, sender, command, kind, body, sent_at, modification, ordinal, sender_ordinal, of_two)
    VALUES (target, c.sequence + 1, message_id, actor, command_id, 0, words, said_at, 0, c.count + 1, me.sent + 1, true);
  UPDATE conversation t SET sequence = c.sequence + 1, count = c.count + 1, activity = said_at, stamp = pg_current_xact_id() WHERE t.id = target;
  UPDATE member t SET sent = me.sent + 1 WHERE t.conversation = target AND t.usr = actor;
  UPDATE inbox t SET stamp = pg_current_xact_id(), activity = said_at WHERE t.conversation = target AND t.is_open;
  IF (c.sequence + 1) % ${BLOCK_MESSAGES} = 0 THEN
    INSERT INTO search_due (conversation, block) VALUES (target, c.sequence / ${BLOCK_MESSAGES}) ON CONFLICT DO NOTHING;
  END IF;
  answer := format('{"sequence":%s,"id":"%s","sentAt":%s,"ordinal":%s,"modification":%s}',
    c.sequence + 1, encode(message_id, 'hex'), said_at, c.count + 1, c.modification);
  INSERT INTO command_key (usr, id, hash, at, result) VALUES (actor, command_id, command_hash, now, convert_to(answer, 'UTF8'));
END $$`;

const SEND = `SELECT * FROM send_text($1::int8, $2::int8, $3::bytea, $4::text, $5::int8, $6::bytea, $7::bytea)`;

/** Sends by one call of a stored function, which is its transaction. */
export async function openFunction(url, connections) {
  const pool = new pg.Pool({ connectionString: url, max: connections, types: columnTypes, idleTimeoutMillis: 0 });
  const hash = new CommandHash(commandKey);
  await pool.query(SEND_TEXT);
  return {
    send: async (request) => {
      const { actor, command, messageId } = request;
      const key = keyOf(request);
      const ids = [Buffer.from(command.id, 'hex'), hash.of(key.hash), key.at, Buffer.from(messageId, 'hex')];
      const { rows } = await pool.query(statement(SEND, [actor, command.conversation, ...ids, bytesOf(command.text)]));
      return JSON.parse(rows[0].answer);
    },
    close: () => pool.end(),
  };
}

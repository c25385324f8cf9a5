import type { ExportedTable, ExportedValue, StoreExport } from '@everywire/chat';
import type { Database } from './database/database.js';
import { openDatabase } from './database/open-database.js';
import { hashIdentity } from './sqlite-people.js';
import { createSqliteStore } from './sqlite-store.js';
import { StoreFileError } from './store-file-error.js';
import { takeStoreLock } from './store-lock.js';

/** An open export of a store. */
export interface SqliteExport extends StoreExport {
  close(): void;
}

/** One exported table: its name, its columns as SQL expressions, its source and its order. */
interface Leaving {
  readonly name: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly from: string;
  readonly order: string;
}

/** Returns columns that are exported unchanged. */
function same(names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, name]));
}

/** Returns text columns that are exported as bytes, because they may contain anything. */
function bytes(names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, `CAST(${name} AS BLOB)`]));
}

/** Returns a table exported with all columns. */
function whole(name: string, columns: string, order: string, others: Readonly<Record<string, string>> = {}): Leaving {
  return { name, columns: { ...same(columns), ...others }, from: name, order };
}

const usr = { usr: 'user' };

/**
 * The exported tables. Omits derived data: list order, the index of own messages, search filters, use counts. Also the
 * hash of a command, which other stores key differently; a repeated command then counts as the same without comparison.
 */
const LEAVING: readonly Leaving[] = [
  whole(
    'account',
    'id name display_name folded_display_name created_at role state status avatar email folded_email email_confirmed signed_out_at seen_at',
    'id',
    {
      folded_name: 'iif(state = 2, NULL, folded_name)',
      password_hash: "nullif(password_hash, '')",
    },
  ),
  whole('credential', 'id token_hash account label created_at used_at transport', 'id'),
  whole('former_identity', 'hash account', 'hash'),
  whole('link', 'id kind secret_hash account label created_at expires_at uses_max uses', 'id'),
  whole('second_factor', 'account secret step', 'account'),
  whole('recovery_code', 'account hash', 'account, hash'),
  whole('setting', 'name value', 'name'),
  whole('account_erasure', 'account', 'account', { remove_texts: 'texts' }),
  whole('file', 'id owner size ref wanted_at', 'id'),
  whole('file_owner', 'owner bytes', 'owner'),
  whole(
    'conversation',
    'id kind sequence modification count members_at member_count activity large direct_smaller direct_larger pins pins_at picture',
    'id',
    { ...bytes('name listed'), flags: 'settings' },
  ),
  whole(
    'message',
    'conversation sequence id sender command kind sent_at modification ordinal sender_ordinal root thread_ordinal thread_sent replies pinned',
    'conversation, sequence',
    {
      ...bytes('body extra'),
      of_two: '(SELECT direct_smaller IS NOT NULL FROM conversation c WHERE c.id = message.conversation)',
    },
  ),
  whole(
    'member',
    'conversation role sent read read_at read_ordinal read_sent shown shown_at delivered delivered_at cleared hidden_at mark draft_revision revision place mute notify dismissed ended periods open_from',
    'conversation, user',
    {
      ...usr,
      ...bytes('ended_name'),
      draft:
        '(SELECT CAST(text AS BLOB) FROM draft d WHERE has_draft = 1 AND (d.conversation, d.user) = (member.conversation, member.user))',
    },
  ),
  {
    name: 'inbox',
    columns: { ...same('conversation activity large'), ...usr, is_open: 'open_from IS NOT NULL' },
    from: 'member',
    order: 'conversation, user',
  },
  whole('command_key', 'id at', 'id, user', { ...usr, ...bytes('result'), hash: "''" }),
  whole('version', 'conversation sequence modification at', 'conversation, sequence, modification', bytes('body')),
  whole('mention', 'conversation root sequence sender', 'conversation, user, root, sequence', usr),
  whole('hidden', 'conversation sequence at root counts', 'conversation, user, sequence', usr),
  whole('follow', 'conversation root sent read read_ordinal read_sent', 'conversation, user, root', usr),
  whole('invite', 'conversation id hash creator created_at expires_at uses_max uses', 'conversation, id'),
  whole('person', 'receipts', 'user', usr),
  whole('block', 'blocked at', 'user, blocked', usr),
  whole('file_use', 'file conversation sequence', 'file, conversation, sequence'),
];

/**
 * Opens the store at `file` for a complete export, after migrating its schema. No server can open it until `close`.
 *
 * @throws StoreFileError `store_in_use` if a server has it open; `store_corrupt` if it is known to lack messages, which
 *   other stores cannot represent
 */
export async function exportSqliteStore({ file }: { readonly file: string }): Promise<SqliteExport> {
  await createSqliteStore({ file }).close();
  const lock = takeStoreLock(file);
  const database = openDatabase(file, { readonly: true, fileMustExist: true });
  const close = (): void => {
    database.close();
    lock.release();
  };
  try {
    const epoch = database.prepare<[], string>('SELECT epoch FROM store').pluck().get() ?? '';
    if (database.prepare('SELECT 1 FROM lost').get() !== undefined)
      throw new StoreFileError(
        'store_corrupt',
        file,
        `${file} was saved from a damaged store and lacks messages. It cannot be moved.`,
      );
    const tables = LEAVING.map((leaving) => tableOf(database, leaving));
    return { epoch, tables: [...tables, identitiesOf(database)], close };
  } catch (error) {
    close();
    throw error;
  }
}

function tableOf(database: Database, { name, columns, from, order }: Leaving): ExportedTable {
  const statement = database
    .prepare<[], ExportedValue[]>(`SELECT ${Object.values(columns).join(', ')} FROM ${from} ORDER BY ${order}`)
    .raw();
  return { name, columns: Object.keys(columns), rows: () => statement.iterate() };
}

/** Exports identities with a hash as key, because the pair may be too long for an index of other stores. */
function identitiesOf(database: Database): ExportedTable {
  const statement = database
    .prepare<[], [issuer: string, subject: string, account: number]>(
      'SELECT issuer, subject, account FROM identity ORDER BY issuer, subject',
    )
    .raw();
  return {
    name: 'identity',
    columns: ['hash', 'identity', 'account'],
    *rows() {
      for (const [issuer, subject, account] of statement.iterate())
        yield [hashIdentity({ issuer, subject }), JSON.stringify([issuer, subject]), account];
    },
  };
}

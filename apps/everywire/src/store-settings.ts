import Type from 'typebox';
import { setting } from './setting.js';
import { natsServer, postgresDatabase } from './setting-shapes.js';

/** The settings of where things are kept. */
export const storeSettings = {
  EVERYWIRE_DATA: setting(
    Type.String({ minLength: 1, maxLength: 4_096 }),
    './data',
    'the path of a directory',
    'Where everything is kept. Made if it is not there; readable only by the user the server runs as.',
  ),
  EVERYWIRE_SQLITE: setting(
    Type.Enum(['auto', 'node', 'better-sqlite3']),
    'auto',
    '`auto`, `node` or `better-sqlite3`',
    'Whose SQLite keeps the data: the one that comes with Node, or that of the package better-sqlite3. `auto`: that of Node where it has one (22.16 and later). Each opens what the other wrote.',
  ),
  EVERYWIRE_POSTGRES: {
    ...setting(
      Type.Union([Type.Literal(''), postgresDatabase]),
      '',
      'an address such as postgres://user:password@db.example.org/everywire',
      'The PostgreSQL database that keeps people and messages; several servers may share it. Empty: SQLite, in `EVERYWIRE_DATA`.',
    ),
    secret: true,
  },
  EVERYWIRE_NATS: {
    ...setting(
      Type.Array(natsServer, { maxItems: 20 }),
      [],
      'addresses such as nats://user:password@one.example.org:4222, with commas between them',
      'The NATS servers by which several servers over one PostgreSQL database tell each other of messages. Empty: the database does that too.',
    ),
    secret: true,
  },
} as const;

import type { Accounts } from '@everywire/chat';
import type { Database } from '../database/database.js';

type Settings = Pick<Accounts, 'setting' | 'setSetting' | 'initSetting'>;

const FIND = 'SELECT value FROM setting WHERE name = $1::text';
const SET = `INSERT INTO setting (name, value) VALUES ($1::text, $2::text) ON CONFLICT (name) DO UPDATE SET value = excluded.value`;
/** Returns the row in both cases. An update that changes nothing waits for a concurrent insert and returns its row. */
const INIT = `INSERT INTO setting (name, value) VALUES ($1::text, $2::text)
  ON CONFLICT (name) DO UPDATE SET value = setting.value RETURNING value`;
const UNSET = 'DELETE FROM setting WHERE name = $1::text';

/** Implements the settings that administrators change at run time. */
export function createSettings(database: Database): Settings {
  return {
    setting: async (name) => (await database.query<{ readonly value: string }>(FIND, [name]))[0]?.value ?? null,
    setSetting: async (name, value) => {
      await database.transaction((at) => (value === null ? at.query(UNSET, [name]) : at.query(SET, [name, value])));
    },
    initSetting: async (name, value) =>
      (await database.query<{ readonly value: string }>(INIT, [name, value]))[0]?.value ?? value,
  };
}

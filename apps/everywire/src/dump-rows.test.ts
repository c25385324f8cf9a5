import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { DumpRows } from './dump-rows.js';

/* What a restore takes from a dump, whose content another program may have written. */

const head = `--
-- PostgreSQL database dump
--

\\restrict aB3

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
SET row_security = off;

`;
const account = `COPY public.account (id, name, "role") FROM stdin;
1	DROP TABLE account;	2
2	\\\\.	1
\\.
`;
const others = `COPY public.link (id) FROM stdin;
\\.
SELECT pg_catalog.setval('public.account_id_seq', 12, true);
`;
const tail = '\n\\unrestrict aB3\n\n';

/** Returns what is taken of a script that arrives in pieces of `size` characters. */
async function taken(script: string, size = script.length, isWanted?: (table: string) => boolean): Promise<string> {
  const pieces = Array.from({ length: Math.ceil(script.length / size) }, (_, at) =>
    Buffer.from(script.slice(at * size, (at + 1) * size), 'latin1'),
  );
  const rows = new DumpRows(new Set(['account', 'link']), isWanted);
  const [all] = await Promise.all([text(rows), pipeline(Readable.from(pieces), rows)]);
  return all;
}

describe('the rows of a dump', () => {
  test.each([1, 7, 10_000])('are taken with the positions of sequences, in pieces of %i', async (size) => {
    expect(await taken(head + account + others + tail, size)).toBe(account + others);
  });

  test('are taken of the wanted tables', async () => {
    expect(await taken(head + account + others + tail, 99, (table) => table === 'link')).toBe(others);
  });

  test.each([
    'CREATE FUNCTION public.greet() RETURNS trigger LANGUAGE plpgsql AS $$',
    'CREATE TRIGGER greet BEFORE INSERT ON public.account FOR EACH ROW EXECUTE FUNCTION public.greet();',
    "COPY public.account (id) FROM PROGRAM 'id';",
    'COPY public.account (id) FROM stdin; SELECT 1;',
    'COPY public.other (id) FROM stdin;',
    'COPY pg_catalog.pg_proc (proname) FROM stdin;',
    "SELECT pg_catalog.setval('public.account_id_seq', (SELECT 1), true);",
    "SELECT pg_catalog.setval('public.a', 1, true); DROP TABLE account;",
    "SELECT pg_catalog.lo_create('1');",
    'SET role = postgres; DROP TABLE account;',
    "SET client_encoding = 'SQL_ASCII';",
    '\\! id',
    '\\restrict a \\! id',
    'DROP TABLE account;',
  ])('are refused together with %s', async (line) => {
    await expect(taken(`${head}${line}\n${account}`)).rejects.toThrow(/^store_foreign: .* nothing was restored: /);
  });

  // psql ends rows at the first of these lines, and reads a line after a NUL as its own; then it would run the next one.
  test.each(['\\.\r', '\0\\.', '\\.x'])(
    'are refused with a row that psql could take for their end: %j',
    async (row) => {
      const script = `${head}COPY public.account (id) FROM stdin;\n${row}\n\\! id\n\\.\n`;
      await expect(taken(script)).rejects.toThrow(/^store_foreign: .* nothing was restored: /);
    },
  );

  test('are refused when they end in the middle', async () => {
    await expect(taken(head + account.slice(0, -3))).rejects.toThrow('ends in the middle');
    await expect(taken(`${head}SET a = b;`)).rejects.toThrow('ends in the middle');
  });
});

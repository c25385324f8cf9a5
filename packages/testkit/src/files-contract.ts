import { createHash } from 'node:crypto';
import type { Files } from '@everywire/chat';
import { afterEach, describe, expect, it } from 'vitest';

/** An empty `Files` with its cleanup. */
export interface FilesUnderTest {
  readonly files: Files;
  readonly dispose: () => Promise<void>;
}

const nameOf = (number: number) => number.toString(16).padStart(32, '0');
const one = nameOf(1);

/** Describes the contract of the `Files` port. Every adapter must run all of it. */
export function describeFilesContract(name: string, create: () => Promise<FilesUnderTest>): void {
  describe(`files contract: ${name}`, () => {
    const opened: FilesUnderTest[] = [];
    const open = async (): Promise<Files> => {
      const underTest = await create();
      opened.push(underTest);
      return underTest.files;
    };

    afterEach(async () => {
      for (const underTest of opened.splice(0)) await underTest.dispose();
    });

    it('stores the bytes of several chunks, and an empty file', async () => {
      const files = await open();
      expect(await files.put(one, chunks('ab', '', 'cde'))).toBe(5);
      expect(await files.put(nameOf(2), chunks())).toBe(0);
      expect(await text(files, one)).toBe('abcde');
      expect(await files.size(one)).toBe(5);
      expect(await text(files, nameOf(2))).toBe('');
    });

    it('reads ranges, clamps the end, and returns nothing beyond the end', async () => {
      const files = await open();
      await files.put(one, chunks('abcdef'));
      expect(await text(files, one, { first: 2, last: 3 })).toBe('cd');
      expect(await text(files, one, { first: 5, last: 900 })).toBe('f');
      expect(await files.read(one, { first: 6, last: 7 })).toBeNull();
    });

    it('does not find a name that was never put', async () => {
      const files = await open();
      expect(await files.read(one, null)).toBeNull();
      expect(await files.size(one)).toBeNull();
      await files.remove([one]);
    });

    it('replaces the content of a name', async () => {
      const files = await open();
      await files.put(one, chunks('a long first text'));
      await files.put(one, chunks('short'));
      expect(await text(files, one)).toBe('short');
    });

    it('discards an interrupted upload and keeps the previous content', async () => {
      const files = await open();
      await files.put(one, chunks('whole'));
      const cut = new Error('cut');
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield new Uint8Array(70_000);
        throw cut;
      }
      await expect(files.put(one, broken())).rejects.toBe(cut);
      await expect(files.put(nameOf(2), broken())).rejects.toBe(cut);
      expect(await text(files, one)).toBe('whole');
      expect(await files.read(nameOf(2), null)).toBeNull();
      expect(await files.names(null, 10)).toEqual([one]);
    });

    it('belongs to the first store that claims it', async () => {
      const files = await open();
      expect(await files.owner()).toBeNull();
      const claims = await Promise.all([files.claim('one'), files.claim('another')]);
      expect(new Set(claims).size).toBe(1);
      expect(await files.claim('a third')).toBe(claims[0]);
      expect(await files.owner()).toBe(claims[0]);
      expect(await files.names(null, 10)).toEqual([]);
    });

    it('removes several files in one call, repeatedly without an error', async () => {
      const files = await open();
      for (const number of [1, 2, 3]) await files.put(nameOf(number), chunks('x'));
      await files.remove([one, nameOf(3), nameOf(9)]);
      await files.remove([one]);
      expect(await files.names(null, 10)).toEqual([nameOf(2)]);
    });

    it('lists names in ascending pages without gaps or duplicates', async () => {
      const files = await open();
      const names = Array.from({ length: 25 }, (_, number) =>
        createHash('md5').update(`${number}`).digest('hex'),
      ).flatMap((digits) => [digits, `${digits}.thumb`]);
      for (const wanted of names) await files.put(wanted, chunks('x'));
      const listed: string[] = [];
      for (let page = await files.names(null, 7); page.length > 0; page = await files.names(listed.at(-1) ?? null, 7)) {
        expect(page.length).toBeLessThanOrEqual(7);
        listed.push(...page);
      }
      expect(listed).toEqual([...names].sort());
    });

    it('[U1] rejects a name that could be a path', async () => {
      const files = await open();
      for (const bad of [
        '../../x',
        '',
        'AB'.repeat(16),
        `${one}/x`,
        `${one}\0`,
        `${one}.`,
        'CON',
        `${one}.${'x'.repeat(17)}`,
      ]) {
        await expect(files.put(bad, chunks('x'))).rejects.toBeInstanceOf(RangeError);
        await expect(files.read(bad, null)).rejects.toBeInstanceOf(RangeError);
        await expect(files.size(bad)).rejects.toBeInstanceOf(RangeError);
        await expect(files.remove([bad])).rejects.toBeInstanceOf(RangeError);
      }
      expect(await files.names(null, 10)).toEqual([]);
    });

    it('puts many files concurrently', async () => {
      const files = await open();
      const names = Array.from({ length: 40 }, (_, number) => nameOf(number));
      await Promise.all(names.map((wanted, number) => files.put(wanted, chunks(`text ${number}`))));
      expect(await files.names(null, 100)).toEqual(names);
      expect(await text(files, nameOf(31))).toBe('text 31');
    });

    it('rejects with busy once closed', async () => {
      const files = await open();
      await files.put(one, chunks('x'));
      await files.close();
      await expect(files.read(one, null)).rejects.toMatchObject({ code: 'busy' });
      await expect(files.put(one, chunks('x'))).rejects.toMatchObject({ code: 'busy' });
      await expect(files.names(null, 1)).rejects.toMatchObject({ code: 'busy' });
    });
  });
}

async function* chunks(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield new TextEncoder().encode(part);
}

async function text(files: Files, name: string, range: Parameters<Files['read']>[1] = null): Promise<string> {
  const found = await files.read(name, range);
  if (found === null) throw new Error(`${name} is not there`);
  const decoder = new TextDecoder();
  let read = '';
  for await (const chunk of found) read += decoder.decode(chunk, { stream: true });
  return read;
}

import { describe, expect, it } from 'vitest';
import { fileTitle } from './file-title.js';

describe('fileTitle', () => {
  it('[U1] fileTitle returns the last part of a path of any system', () => {
    expect(fileTitle('../../etc/passwd', 200)).toBe('passwd');
    expect(fileTitle('C:\\Users\\a\\潮汐表.xlsx', 200)).toBe('潮汐表.xlsx');
    for (const nothing of ['', '/', '..', 'a/', '\0', '\u202e']) expect(fileTitle(nothing, 200)).toBe('file');
  });

  it('[D8] fileTitle removes characters that are invisible or reverse the text direction', () => {
    expect(fileTitle('photo\u202egpj.exe', 200)).toBe('photogpj.exe');
    expect(fileTitle('a\r\nb\u200b.txt', 200)).toBe('ab.txt');
    expect(fileTitle('\u2800.\u3164', 200)).toBe('file');
    expect(fileTitle(`Z${'\u0335'.repeat(90)}.txt`, 200)).toBe(`Z${'\u0335'.repeat(6)}.txt`);
  });

  it('fileTitle keeps the joiners that scripts and emoji need', () => {
    for (const title of ['علی‌رضا.pdf', '👩‍👧.jpg', 'ශ්‍රී.txt']) expect(fileTitle(title, 200)).toBe(title);
  });

  it('fileTitle keeps the end of a name that it shortens', () => {
    const cut = fileTitle(`${'长'.repeat(4_000)}.tar.gz`, 40);
    expect([...cut]).toHaveLength(40);
    expect(cut.endsWith('…长长长.tar.gz')).toBe(true);
  });
});

import { cleanName } from '@everywire/chat/internal';

/**
 * A file's name as it is shown and offered for saving: the last part of whatever path was sent, without what cannot be seen or turns the direction of what
 * follows (with which `txt.exe` is made to read `exe.txt`), cut in the middle where it is too long so that its ending stays. Empty becomes `file`. It never
 * names anything on disk.
 */
export function fileTitle(sent: string, charactersMax: number): string {
  const last = sent.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const clean = cleanName(last).trim();
  const characters = [...clean];
  if (characters.length === 0 || clean === '.' || clean === '..') return 'file';
  if (characters.length <= charactersMax) return clean;
  const ending = characters.slice(-Math.floor(charactersMax / 4));
  return [...characters.slice(0, charactersMax - ending.length - 1), '…', ...ending].join('');
}

import { cleanName } from '@everywire/chat/internal';

/**
 * Returns a file's name for display and download: the last part of the path that was sent, without characters that are
 * invisible or reverse the text direction (which can make `txt.exe` read `exe.txt`). Shortens a long name in the
 * middle, so that its extension stays. Returns `file` for an empty name. The result never names anything on disk.
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

import type { Accounts, FileName, FileRecords } from '@everywire/chat';
import { addressOfAvatarFile } from './avatar-files.js';

/** Returns those of the files that are avatars to which no account refers. */
export async function findUnnamedAvatars(
  accounts: Pick<Accounts, 'usersByAvatar'>,
  names: readonly FileName[],
): Promise<readonly FileName[]> {
  const unnamed: FileName[] = [];
  for (const name of names) {
    const address = addressOfAvatarFile(name);
    if (address !== null && (await accounts.usersByAvatar(address)).length === 0) unnamed.push(name);
  }
  return unnamed;
}

/** Returns those of the files that are bytes or previews of attachments without a record. */
export async function findUnrecordedFiles(
  records: Pick<FileRecords, 'recordedFiles'>,
  names: readonly FileName[],
): Promise<readonly FileName[]> {
  const idOf = (name: FileName): FileName | undefined => /^([0-9a-f]{32})(?:\.preview)?$/.exec(name)?.[1];
  const ids = new Set(names.flatMap((name) => idOf(name) ?? []));
  const recorded = new Set(await records.recordedFiles([...ids]));
  return names.filter((name) => {
    const id = idOf(name);
    return id !== undefined && !recorded.has(id);
  });
}

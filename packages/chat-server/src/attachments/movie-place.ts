import { type FileHandle, open } from 'node:fs/promises';

/** A box of ISO 14496-12: where it begins in the file, how long it is with its head, and how long that head is. */
interface Box {
  readonly type: string;
  readonly at: number;
  readonly size: number;
  readonly head: number;
}

const shortHead = 8;
const longHead = 16;
const blankBytes = 64 * 1024;

/**
 * Takes from an MP4 or QuickTime movie what it tells of itself beside pictures and sound: where it was made, by what, by whom. Boxes
 * `udta` and `meta` of the movie and its tracks become `free`, which players pass over, in place: nothing moves.
 *
 * Answers false where the movie's index is not found, or is longer than `indexBytesMax`: then nobody knows what it tells.
 */
export async function forgetPlace(path: string, indexBytesMax: number): Promise<boolean> {
  const handle = await open(path, 'r+');
  try {
    const { size } = await handle.stat();
    const top = await boxesOf(handle, 0, size);
    const movie = top.find((box) => box.type === 'moov');
    if (movie === undefined || movie.size > indexBytesMax) return false;
    for (const box of [...top, ...(await withinMovie(handle, movie))]) {
      if (box.type === 'udta' || box.type === 'meta') await free(handle, box);
    }
    await handle.sync();
    return true;
  } finally {
    await handle.close();
  }
}

async function withinMovie(handle: FileHandle, movie: Box): Promise<readonly Box[]> {
  const children = await boxesOf(handle, movie.at + movie.head, movie.at + movie.size);
  const tracks = children.filter((box) => box.type === 'trak');
  const within = await Promise.all(
    tracks.map((track) => boxesOf(handle, track.at + track.head, track.at + track.size)),
  );
  return [...children, ...within.flat()];
}

/** The boxes side by side from `from` to `to`. Ends at the first that does not fit: every step forward is at least a head. */
async function boxesOf(handle: FileHandle, from: number, to: number): Promise<readonly Box[]> {
  const boxes: Box[] = [];
  const bytes = Buffer.alloc(longHead);
  for (let at = from; at + shortHead <= to; ) {
    const { bytesRead } = await handle.read(bytes, 0, longHead, at);
    if (bytesRead < shortHead) break;
    const box = boxAt(bytes.subarray(0, bytesRead), at, to);
    if (box === null) break;
    boxes.push(box);
    at += box.size;
  }
  return boxes;
}

function boxAt(bytes: Buffer, at: number, end: number): Box | null {
  const type = bytes.toString('latin1', 4, shortHead);
  const told = bytes.readUInt32BE(0);
  const long = told === 1 && bytes.length === longHead;
  const head = long ? longHead : shortHead;
  const size = long ? Number(bytes.readBigUInt64BE(shortHead)) : told === 0 ? end - at : told;
  return size < head || at + size > end ? null : { type, at, size, head };
}

/** The content goes as well: `free` is only passed over, and could be read by whoever has the file. */
async function free(handle: FileHandle, box: Box): Promise<void> {
  await handle.write('free', box.at + 4, 'latin1');
  const content = box.size - box.head;
  const blank = Buffer.alloc(Math.min(content, blankBytes));
  for (let done = 0; done < content; done += blankBytes) {
    await handle.write(blank, 0, Math.min(blankBytes, content - done), box.at + box.head + done);
  }
}

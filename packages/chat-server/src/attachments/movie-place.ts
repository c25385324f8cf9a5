import type { AttachmentLimits } from './attachment-limits.js';
import { type Box, BoxWalk, MovieUnknown } from './movie-boxes.js';
import { blankSamples, findBox } from './movie-samples.js';
import { WindowedFile } from './windowed-file.js';

type MovieLimits = Pick<AttachmentLimits, 'movieIndexBytesMax' | 'movieBoxesMax' | 'movieTracksMax'>;

const freeType = Buffer.from('free', 'latin1');
/** Bytes from the beginning of a box to its type. */
const typeAt = 4;
/** How many changes one box takes: its type and its content. */
const changesPerBox = 2;

/** What a player needs. Every other box becomes free space: what tells of place, camera and owner has many names, and each maker adds its own. */
const keptBoxes = {
  file: new Set(['ftyp', 'styp', 'moov', 'mdat', 'moof', 'mfra', 'sidx', 'ssix', 'prft', 'pdin']),
  movie: new Set(['mvhd', 'trak', 'mvex', 'iods', 'pssh', 'ctab', 'clip', 'prfl']),
  track: new Set(['tkhd', 'mdia', 'edts', 'tref', 'trgr', 'tapt', 'load', 'clip', 'matt', 'imap', 'txas']),
} as const;

/** Kinds of tracks that stay: pictures, sound, subtitles, time codes, hints for streaming. Any other says something about the pictures, as where each was taken. */
const keptTracks = new Set(['vide', 'auxv', 'soun', 'text', 'sbtl', 'subt', 'clcp', 'tmcd', 'hint']);

/**
 * Takes from an MP4 or QuickTime movie what it tells of itself beside pictures and sound: where it was made, by what, by whom. Boxes of the file, the
 * movie and its tracks that no player needs become `free`, which players pass over, and tracks of metadata too, with their samples. All of it is done in place:
 * nothing moves.
 *
 * Returns false, and leaves the file as it is, where the movie's index is missing, long or compressed, where a track of metadata lies in fragments, or where
 * there are more boxes or tracks than the limits allow: then no one knows what it tells.
 */
export function forgetPlace(path: string, limits: MovieLimits): boolean {
  return WindowedFile.use(path, limits.movieBoxesMax * changesPerBox, (file) => {
    try {
      forgetIn(file, limits);
    } catch (error) {
      if (error instanceof MovieUnknown) return false;
      throw error;
    }
    file.commit();
    file.sync();
    return true;
  });
}

function forgetIn(file: WindowedFile, { movieIndexBytesMax, movieBoxesMax, movieTracksMax }: MovieLimits): void {
  const walk = new BoxWalk(file, movieBoxesMax);
  const [movie, ...others] = keepAmong(file, walk.between(0, file.size), keptBoxes.file).filter(isOf('moov'));
  // Of two, each player has its own choice.
  if (movie === undefined || others.length > 0) throw new MovieUnknown('It has no index, or several.');
  if (movie.size > movieIndexBytesMax) throw new MovieUnknown('Its index is too long.');
  if (findBox(walk, movie, 'cmov') !== null) throw new MovieUnknown('Its index is compressed.');
  const kept = keepAmong(file, walk.within(movie), keptBoxes.movie);
  const tracks = kept.filter(isOf('trak'));
  if (tracks.length > movieTracksMax) throw new MovieUnknown('It has too many tracks.');
  for (const track of tracks) {
    if (isKept(file, walk, track)) keepAmong(file, walk.within(track), keptBoxes.track);
    else {
      if (kept.some(isOf('mvex'))) throw new MovieUnknown('Its metadata may lie in fragments.');
      blankSamples(file, walk, track);
      free(file, track);
    }
  }
}

const isOf =
  (type: string) =>
  (box: Box): boolean =>
    box.type === type;

/** Frees every box of another type. Returns the others. */
function keepAmong(file: WindowedFile, boxes: Iterable<Box>, types: ReadonlySet<string>): readonly Box[] {
  const kept: Box[] = [];
  for (const box of boxes) {
    if (types.has(box.type)) kept.push(box);
    else free(file, box);
  }
  return kept;
}

/** A track that does not say what it is shows nothing, and stays. */
function isKept(file: WindowedFile, walk: BoxWalk, track: Box): boolean {
  const media = findBox(walk, track, 'mdia');
  const handler = media === null ? null : findBox(walk, media, 'hdlr');
  if (handler === null || handler.size < handler.head + 12) return true;
  return keptTracks.has(file.peek(handler.at + handler.head + 8, 4).toString('latin1'));
}

/** The content goes as well: `free` is only passed over, and could be read by whoever has the file. */
function free(file: WindowedFile, box: Box): void {
  const renamed = box.type === 'free' || file.patch(box.at + typeAt, freeType);
  if (!renamed || !file.blank(box.at + box.head, box.size - box.head))
    throw new MovieUnknown('It tells of itself in too many places.');
}

import type { AttachmentLimits } from './attachment-limits.js';
import { type Box, BoxWalk, MovieUnreadable } from './movie-boxes.js';
import { blankSamples, findBox } from './movie-samples.js';
import { WindowedFile } from './windowed-file.js';

type MovieLimits = Pick<AttachmentLimits, 'movieIndexBytesMax' | 'movieBoxesMax' | 'movieTracksMax'>;

const freeType = Buffer.from('free', 'latin1');
/** Bytes from the start of a box to its type. */
const TYPE_AT = 4;
/** Changes that one box takes: its type and its content. */
const CHANGES_PER_BOX = 2;

/**
 * Boxes that a player needs. Every other box becomes free space: location, camera and owner are stored under many
 * names, and each maker adds its own.
 */
const keptBoxes = {
  file: new Set(['ftyp', 'styp', 'moov', 'mdat', 'moof', 'mfra', 'sidx', 'ssix', 'prft', 'pdin']),
  movie: new Set(['mvhd', 'trak', 'mvex', 'iods', 'pssh', 'ctab', 'clip', 'prfl']),
  track: new Set(['tkhd', 'mdia', 'edts', 'tref', 'trgr', 'tapt', 'load', 'clip', 'matt', 'imap', 'txas']),
} as const;

/**
 * Kinds of tracks that are kept: video, audio, subtitles, time codes, streaming hints. Any other holds metadata, such
 * as where each frame was recorded.
 */
const keptTracks = new Set(['vide', 'auxv', 'soun', 'text', 'sbtl', 'subt', 'clcp', 'tmcd', 'hint']);

/**
 * Removes the metadata of an MP4 or QuickTime movie in place: where, with what and by whom it was made. Boxes of the
 * file, the movie and its tracks that no player needs become `free`, which players skip. So do metadata tracks, along
 * with their samples.
 *
 * Returns false and leaves the file unchanged if the index is missing, too long or compressed, if a metadata track lies
 * in fragments, or if there are more boxes or tracks than the limits allow: its metadata is then unknown.
 */
export function stripMovieMetadata(path: string, limits: MovieLimits): boolean {
  return WindowedFile.use(path, limits.movieBoxesMax * CHANGES_PER_BOX, (file) => {
    try {
      forgetIn(file, limits);
    } catch (error) {
      if (error instanceof MovieUnreadable) return false;
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
  // With two indexes, players differ in which they read.
  if (movie === undefined || others.length > 0) throw new MovieUnreadable('The movie has no index, or several.');
  if (movie.size > movieIndexBytesMax) throw new MovieUnreadable('The index is too long.');
  if (findBox(walk, movie, 'cmov') !== null) throw new MovieUnreadable('The index is compressed.');
  const kept = keepAmong(file, walk.within(movie), keptBoxes.movie);
  const tracks = kept.filter(isOf('trak'));
  if (tracks.length > movieTracksMax) throw new MovieUnreadable('The movie has too many tracks.');
  for (const track of tracks) {
    if (isKept(file, walk, track)) keepAmong(file, walk.within(track), keptBoxes.track);
    else {
      if (kept.some(isOf('mvex'))) throw new MovieUnreadable('Metadata may lie in fragments.');
      blankSamples(file, walk, track);
      free(file, track);
    }
  }
}

const isOf =
  (type: string) =>
  (box: Box): boolean =>
    box.type === type;

/** Frees every box of another type. Returns the boxes of the given types. */
function keepAmong(file: WindowedFile, boxes: Iterable<Box>, types: ReadonlySet<string>): readonly Box[] {
  const kept: Box[] = [];
  for (const box of boxes) {
    if (types.has(box.type)) kept.push(box);
    else free(file, box);
  }
  return kept;
}

/** Returns whether a track stays. A track without a handler cannot be played and stays. */
function isKept(file: WindowedFile, walk: BoxWalk, track: Box): boolean {
  const media = findBox(walk, track, 'mdia');
  const handler = media === null ? null : findBox(walk, media, 'hdlr');
  if (handler === null || handler.size < handler.head + 12) return true;
  return keptTracks.has(file.peek(handler.at + handler.head + 8, 4).toString('latin1'));
}

/** Frees a box and blanks its content: players skip `free`, but its bytes could still be read from the file. */
function free(file: WindowedFile, box: Box): void {
  const renamed = box.type === 'free' || file.patch(box.at + TYPE_AT, freeType);
  if (!renamed || !file.blank(box.at + box.head, box.size - box.head))
    throw new MovieUnreadable('Metadata lies in too many places.');
}

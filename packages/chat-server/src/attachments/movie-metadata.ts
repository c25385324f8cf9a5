import type { AttachmentLimits } from './attachment-limits.js';
import { type Box, BoxWalk, MovieUnreadable } from './movie-boxes.js';
import { blankSamples, findBox } from './movie-samples.js';
import { WindowedFile } from './windowed-file.js';

type MovieLimits = Pick<AttachmentLimits, 'movieIndexBytesMax' | 'movieBoxesMax' | 'movieTracksMax'>;

const freeType = Buffer.from('free', 'latin1');
/** Offset of a box's type within the box, in bytes. The length of the box comes first. */
const TYPE_AT = 4;
/** Offset of the kind of the track within the content of a handler box (`hdlr`). */
const KIND_AT = 8;
const KIND_BYTES = 4;
/** Number of planned changes to free one box: one for its type, one for its content. */
const CHANGES_PER_BOX = 2;

/**
 * Boxes that a player needs, by the box that contains them. Every other box becomes free space, because location, camera
 * and owner are stored under many names, and each camera maker adds its own.
 */
const keptBoxes = {
  file: new Set(['ftyp', 'styp', 'moov', 'mdat', 'moof', 'mfra', 'sidx', 'ssix', 'prft', 'pdin']),
  movie: new Set(['mvhd', 'trak', 'mvex', 'iods', 'pssh', 'ctab', 'clip', 'prfl']),
  track: new Set(['tkhd', 'mdia', 'edts', 'tref', 'trgr', 'tapt', 'load', 'clip', 'matt', 'imap', 'txas']),
} as const;

/**
 * Kinds of tracks that are kept: video, audio, subtitles, time codes, streaming hints. A track of any other kind holds
 * metadata, such as the location where each frame was recorded.
 */
const keptTracks = new Set(['vide', 'auxv', 'soun', 'text', 'sbtl', 'subt', 'clcp', 'tmcd', 'hint']);

/**
 * Removes the metadata of an MP4 or QuickTime movie in place: the place, the device and the author of the recording. Such
 * a file is a sequence of boxes, which can contain other boxes. Boxes of the file, of its index and of its tracks that no
 * player needs are blanked and get the type `free`, which players skip. Metadata tracks become `free` as well, and their
 * samples are blanked.
 *
 * The index (`moov`) describes the tracks and locates their samples (their frames). In a movie whose index contains
 * `mvex`, further samples can follow in fragments (`moof`), which the index does not locate.
 *
 * Returns true if all metadata was removed. Returns false and leaves the file unchanged if metadata may remain, because
 * the index is missing, too long or compressed, because samples of a metadata track may lie in fragments, or because
 * there are more boxes or tracks than the limits allow.
 */
export function stripMovieMetadata(path: string, limits: MovieLimits): boolean {
  return WindowedFile.use(path, limits.movieBoxesMax * CHANGES_PER_BOX, (file) => {
    try {
      planRemoval(file, limits);
    } catch (error) {
      if (error instanceof MovieUnreadable) return false;
      throw error;
    }
    file.commit();
    file.sync();
    return true;
  });
}

/** Plans all changes that remove the metadata. Throws `MovieUnreadable` if metadata may remain. */
function planRemoval(file: WindowedFile, { movieIndexBytesMax, movieBoxesMax, movieTracksMax }: MovieLimits): void {
  const walk = new BoxWalk(file, movieBoxesMax);
  const [movie, ...others] = freeOthers(file, walk.between(0, file.size), keptBoxes.file).filter(isOf('moov'));
  // If there are several indexes, players differ in which one they read, so none can be freed safely.
  if (movie === undefined || others.length > 0) throw new MovieUnreadable('The movie has no index, or several.');
  if (movie.size > movieIndexBytesMax) throw new MovieUnreadable('The index is too long.');
  if (findBox(walk, movie, 'cmov') !== null) throw new MovieUnreadable('The index is compressed.');
  const kept = freeOthers(file, walk.within(movie), keptBoxes.movie);
  const tracks = kept.filter(isOf('trak'));
  if (tracks.length > movieTracksMax) throw new MovieUnreadable('The movie has too many tracks.');
  for (const track of tracks) {
    if (isKept(file, walk, track)) freeOthers(file, walk.within(track), keptBoxes.track);
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

/** Frees every box whose type is not in `types`. Returns the other boxes. */
function freeOthers(file: WindowedFile, boxes: Iterable<Box>, types: ReadonlySet<string>): readonly Box[] {
  const kept: Box[] = [];
  for (const box of boxes) {
    if (types.has(box.type)) kept.push(box);
    else free(file, box);
  }
  return kept;
}

/**
 * Returns whether a track is kept, by the kind that its handler box (`hdlr`) states. A track without a handler is kept,
 * because without the kind no program can interpret its samples as metadata.
 */
function isKept(file: WindowedFile, walk: BoxWalk, track: Box): boolean {
  const media = findBox(walk, track, 'mdia');
  const handler = media === null ? null : findBox(walk, media, 'hdlr');
  if (handler === null || handler.size < handler.head + KIND_AT + KIND_BYTES) return true;
  return keptTracks.has(file.peek(handler.at + handler.head + KIND_AT, KIND_BYTES).toString('latin1'));
}

/** Plans to free a box and to blank its content, because other programs could still read the content of a `free` box. */
function free(file: WindowedFile, box: Box): void {
  const isFree = box.type === 'free' || file.patch(box.at + TYPE_AT, freeType);
  if (!isFree || !file.blank(box.at + box.head, box.size - box.head))
    throw new MovieUnreadable('Metadata lies in too many places.');
}

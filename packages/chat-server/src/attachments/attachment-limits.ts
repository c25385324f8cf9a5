/** Limits of what is attached to messages, each with its unit and why it has the value it has. All may be set by the operator. */
export interface AttachmentLimits {
  /** Bytes of one file. A minute of a phone's video. */
  readonly fileBytesMax: number;
  /** Bytes of all files of one person, uploads under way included. */
  readonly userFileBytesMax: number;
  /** Bytes that a file counts for at least, as on the disk: without it, empty files would be free. A preview counts along with its file. */
  readonly fileChargeBytesMin: number;
  /** Uploads of one person that were begun, since the start of the server, and are not finished. A message carries 20 files. */
  readonly uploadsPerPersonMax: number;
  /** Pixels of a picture, all frames together; more is kept as a file without a preview. Decoding takes 4 bytes each. */
  readonly picturePixelsMax: number;
  /** Pixels of a preview's longer side: twice what a phone shows of it. */
  readonly previewSide: number;
  /** Of WebP, 1 to 100: a preview is seen small, so a third of the bytes of 90 shows no difference. */
  readonly previewQuality: number;
  /** Of JPEG and WebP, 1 to 100, where a picture is written anew: it is the only copy that is kept. */
  readonly cleanedQuality: number;
  /** Files that are inspected at once, each in a process of its own. A picture takes a core for tens of milliseconds, and up to 4 bytes a pixel. */
  readonly inspectionsAtOnce: number;
  /** Milliseconds that the inspection of one file may take; beyond it, it is kept as bytes without a type. Two thirds of it are for a picture's pixels. */
  readonly inspectionMs: number;
  /**
   * Milliseconds that it may take once the upload of another person waits for it, from its beginning: what an ordinary picture waits for a slow one. Two thirds
   * are for a picture's pixels. A photo of 12 megapixels takes less than one second.
   */
  readonly inspectionAwaitedMs: number;
  /** Milliseconds after which half of the time that a person's inspections took is forgotten; who used the least is next. */
  readonly inspectionUsedHalfLifeMs: number;
  /** Bytes of heap of an inspection process; a file that takes more is kept as bytes without a type. Files are read in windows, so a few megabytes are in use. */
  readonly inspectionMemoryBytes: number;
  /** Uploads of one person that wait for their inspection; one more is refused with `busy`. As many as may be under way. */
  readonly inspectionsWaitingMax: number;
  /** People whose uploads wait for their inspection; those of one more are refused with `busy`. */
  readonly inspectionPeopleMax: number;
  /** Bytes of a movie's index that are looked through for the place it was made at. A ten hour movie has less. */
  readonly movieIndexBytesMax: number;
  /** Boxes of a movie that are looked at. One in fragments of a second has two or three for each. */
  readonly movieBoxesMax: number;
  /** Tracks of a movie; most have two. */
  readonly movieTracksMax: number;
  /** Elements of tags in a WebM or Matroska file; most have one. */
  readonly movieTagsMax: number;
  /** Elements of a WebM or Matroska file that are looked at. A live recording has one for each block, so this is five hours of sound; a file that was finished has few. */
  readonly movieElementsMax: number;
  /** Beginnings of EXIF in a picture that is not written anew. One has a handful, and chance adds one in 100 MB. */
  readonly photoHeadsMax: number;
  /** Coordinates in the XMP of such a picture. */
  readonly photoPlacesMax: number;
  /** Comments, texts and segments of programs that are taken from one picture in place. A photo has some ten; of one with more only the coordinates are taken. */
  readonly pictureRemarksMax: number;
  /** Characters of a file's name. */
  readonly fileNameCharactersMax: number;
  /** Milliseconds that an unfinished upload may be gone on with, and that a finished one waits for its message. */
  readonly uploadKeptMs: number;
  /** Changes of pictures of people that are made at once, one of each person at most. Each takes some milliseconds where the disk is well. */
  readonly avatarChangesAtOnce: number;
  /** Changes of the picture of one person that wait for the one before; one more is refused with `busy`. */
  readonly avatarChangesWaitingMax: number;
  /** People for whom such changes wait; those of one more are refused with `busy`. */
  readonly avatarPeopleMax: number;
  /** Milliseconds after which a picture of a person that no account names is removed. Setting one takes seconds; much more, because a clock may be set ahead. */
  readonly avatarGraceMs: number;
  /**
   * Milliseconds after which bytes of an attachment that the store has no record of are removed, counted while the server runs. Long, because an older backup of the store
   * that was restored by mistake lacks the records of newer files.
   */
  readonly orphanGraceMs: number;
  /** Files of any kind that one sweep looks at for either, and files that may wait to be removed. It holds the store for about 20 ms. */
  readonly orphanSweepFiles: number;
}

const mebibyte = 1024 * 1024;

export const defaultAttachmentLimits: AttachmentLimits = {
  fileBytesMax: 200 * mebibyte,
  userFileBytesMax: 2048 * mebibyte,
  fileChargeBytesMin: 4_096,
  uploadsPerPersonMax: 100,
  picturePixelsMax: 40_000_000,
  previewSide: 720,
  previewQuality: 78,
  cleanedQuality: 92,
  inspectionsAtOnce: 1,
  inspectionMs: 30_000,
  inspectionAwaitedMs: 3_000,
  inspectionUsedHalfLifeMs: 60_000,
  inspectionMemoryBytes: 64 * mebibyte,
  inspectionsWaitingMax: 100,
  inspectionPeopleMax: 500,
  movieIndexBytesMax: 32 * mebibyte,
  movieBoxesMax: 100_000,
  movieTracksMax: 1_000,
  movieTagsMax: 100,
  movieElementsMax: 1_000_000,
  photoHeadsMax: 64,
  photoPlacesMax: 1_000,
  pictureRemarksMax: 1_000,
  fileNameCharactersMax: 200,
  uploadKeptMs: 24 * 60 * 60 * 1_000,
  avatarChangesAtOnce: 4,
  avatarChangesWaitingMax: 10,
  avatarPeopleMax: 500,
  avatarGraceMs: 60 * 60 * 1_000,
  orphanGraceMs: 7 * 24 * 60 * 60 * 1_000,
  orphanSweepFiles: 1_000,
};

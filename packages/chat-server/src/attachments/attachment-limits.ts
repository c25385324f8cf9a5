/** Limits on attachments, each with its unit and the reason for its value. The operator can set all of them. */
export interface AttachmentLimits {
  /** Bytes of one file. The default fits a minute of video from a phone. */
  readonly fileBytesMax: number;
  /** Bytes of all files of one user, including uploads in progress. */
  readonly userFileBytesMax: number;
  /**
   * Minimum bytes charged for a file, the same as a small file takes on a disk. Otherwise a user could store any number
   * of empty files. A preview counts as part of its file.
   */
  readonly fileChargeBytesMin: number;
  /** Unfinished uploads of one user, counted since the server started. A message carries up to 20 files. */
  readonly uploadsPerPersonMax: number;
  /**
   * Pixels of a picture, summed over all frames; a larger one is kept as a file without a preview. Decoding takes 4
   * bytes a pixel.
   */
  readonly picturePixelsMax: number;
  /** Pixels of a preview's longer side: twice the size that a phone displays. */
  readonly previewSide: number;
  /**
   * WebP quality of a preview, 1 to 100. The default takes a third of the bytes of quality 90, and shows no difference,
   * because a preview is displayed small.
   */
  readonly previewQuality: number;
  /** JPEG and WebP quality, 1 to 100, of a re-encoded picture. It is the only copy that is kept. */
  readonly cleanedQuality: number;
  /**
   * Files inspected concurrently, each in its own process. A picture takes a core for tens of milliseconds, and up to 4
   * bytes a pixel.
   */
  readonly inspectionsAtOnce: number;
  /**
   * Milliseconds that the inspection of one file may take; a slower file is kept as bytes without a type. Decoding a
   * picture gets two thirds.
   */
  readonly inspectionMs: number;
  /**
   * Milliseconds that an inspection may take, from its start, once another user's upload waits for it. Limits how long
   * a slow picture delays an ordinary one. Decoding gets two thirds. A photo of 12 megapixels takes less than one
   * second.
   */
  readonly inspectionAwaitedMs: number;
  /**
   * Half-life, in milliseconds, of the inspection time charged to a user. The user with the least charged time is next.
   */
  readonly inspectionUsedHalfLifeMs: number;
  /**
   * Bytes of heap of an inspection process; a file that needs more is kept as bytes without a type. Files are read in
   * windows, so a few megabytes suffice.
   */
  readonly inspectionMemoryBytes: number;
  /**
   * Uploads of one user that may wait for inspection; a further one is refused with `busy`. Equals the uploads that may
   * be in progress.
   */
  readonly inspectionsWaitingMax: number;
  /** Users whose uploads may wait for inspection; uploads of a further user are refused with `busy`. */
  readonly inspectionPeopleMax: number;
  /** Bytes of a movie's index that are searched for the recording location. A ten-hour movie has fewer. */
  readonly movieIndexBytesMax: number;
  /** Boxes of a movie that are read. A fragmented movie has two or three for each fragment. */
  readonly movieBoxesMax: number;
  /** Tracks of a movie; most movies have two. */
  readonly movieTracksMax: number;
  /** Tag elements in a WebM or Matroska file; most files have one. */
  readonly movieTagsMax: number;
  /**
   * Elements of a WebM or Matroska file that are read. A live recording has one for each block, so this covers five
   * hours of sound; a finalized file has few.
   */
  readonly movieElementsMax: number;
  /**
   * EXIF headers in a picture that is not re-encoded. A picture has a few. In 100 MB of other data, about one place looks
   * like a header by chance.
   */
  readonly photoHeadsMax: number;
  /** Coordinates in the XMP of a picture that is not re-encoded. */
  readonly photoPlacesMax: number;
  /**
   * Comments, texts and application segments removed from one picture in place. A photo has about ten; if a picture has
   * more, only its coordinates are removed.
   */
  readonly pictureRemarksMax: number;
  /** Characters of a file name. */
  readonly fileNameCharactersMax: number;
  /** Milliseconds that an unfinished upload stays resumable, and that a finished one waits for its message. */
  readonly uploadKeptMs: number;
  /**
   * Avatar changes processed concurrently, at most one for each user. Each takes some milliseconds on a healthy disk.
   */
  readonly avatarChangesAtOnce: number;
  /** Avatar changes of one user that may wait for the previous one; a further one is refused with `busy`. */
  readonly avatarChangesWaitingMax: number;
  /** Users whose avatar changes may wait; changes of a further user are refused with `busy`. */
  readonly avatarPeopleMax: number;
  /**
   * Milliseconds after which an avatar file that no account refers to is removed. Setting one takes seconds; the margin
   * covers clocks set ahead.
   */
  readonly avatarGraceMs: number;
  /**
   * Milliseconds, counted while the server runs, after which attachment bytes without a record in the store are
   * removed. Long, because a store restored from an older backup by mistake lacks the records of newer files.
   */
  readonly orphanGraceMs: number;
  /**
   * Files that one sweep examines for either kind of orphan, and files that may wait for removal. A sweep occupies the
   * store for about 20 ms.
   */
  readonly orphanSweepFiles: number;
}

const MEBIBYTE = 1024 * 1024;

/** The default of each limit. */
export const defaultAttachmentLimits: AttachmentLimits = {
  fileBytesMax: 200 * MEBIBYTE,
  userFileBytesMax: 2048 * MEBIBYTE,
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
  inspectionMemoryBytes: 64 * MEBIBYTE,
  inspectionsWaitingMax: 100,
  inspectionPeopleMax: 500,
  movieIndexBytesMax: 32 * MEBIBYTE,
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

/** Limits of what is attached to messages, each with its unit and why it has the value it has. All may be set by the operator. */
export interface AttachmentLimits {
  /** Bytes of one file. A minute of a phone's video. */
  readonly fileBytesMax: number;
  /** Bytes of all files of one person, uploads under way included. */
  readonly userFileBytesMax: number;
  /** Pixels of a picture, all frames together; more is kept as a file without a preview. Decoding takes 4 bytes each. */
  readonly picturePixelsMax: number;
  /** Seconds that one picture may take to read and to write; beyond it, it is kept as a file without a preview. */
  readonly pictureSecondsMax: number;
  /** Pixels of a preview's longer side: twice what a phone shows of it. */
  readonly previewSide: number;
  /** Of WebP, 1 to 100: a preview is seen small, so a third of the bytes of 90 shows no difference. */
  readonly previewQuality: number;
  /** Of JPEG and WebP, 1 to 100, where a picture is written anew: it is the only copy that is kept. */
  readonly cleanedQuality: number;
  /** Pictures worked on at once: each takes a core for tens of milliseconds. */
  readonly picturesAtOnce: number;
  /** Bytes of a movie's index that are looked through for the place it was made at. A ten hour movie has less. */
  readonly movieIndexBytesMax: number;
  /** Characters of a file's name. */
  readonly fileNameCharactersMax: number;
  /** Milliseconds that an unfinished upload may be gone on with, and that a finished one waits for its message. */
  readonly uploadKeptMs: number;
}

const mebibyte = 1024 * 1024;

export const defaultAttachmentLimits: AttachmentLimits = {
  fileBytesMax: 200 * mebibyte,
  userFileBytesMax: 2048 * mebibyte,
  picturePixelsMax: 40_000_000,
  pictureSecondsMax: 20,
  previewSide: 720,
  previewQuality: 78,
  cleanedQuality: 92,
  picturesAtOnce: 1,
  movieIndexBytesMax: 32 * mebibyte,
  fileNameCharactersMax: 200,
  uploadKeptMs: 24 * 60 * 60 * 1_000,
};

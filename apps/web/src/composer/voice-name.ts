/**
 * The file name of a recording. Only the name distinguishes a voice message from other audio, because the server has no file kind for it.
 */
const voiceName = /^voice \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.\w{1,5}$/;

/** Returns whether a file name is that of a voice message. */
export function isVoiceName(name: string): boolean {
  return voiceName.test(name);
}

/** What the page calls a recording. Its name is all that tells it from other sounds: the server keeps no kind of its own for it. */
const voiceName = /^voice \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.\w{1,5}$/;

export function isVoiceName(name: string): boolean {
  return voiceName.test(name);
}

/** Recording formats in order of preference. Most browsers can play the first. */
const voiceTypes = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'] as const;

/** Returns the preferred supported recording format, or `null` if the browser cannot record. */
export function bestVoiceType(): string | null {
  if (typeof MediaRecorder === 'undefined') return null;
  return voiceTypes.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

/** Returns the recording as a file that is named by its time. */
export function voiceFile(parts: readonly Blob[], recorded: string, now: Date): File {
  const type = recorded.split(';', 1)[0] ?? 'audio/webm';
  const ending = type === 'audio/mp4' ? 'm4a' : type.slice('audio/'.length);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('.');
  return new File([...parts], `voice ${day} ${time}.${ending}`, { type });
}

/** Returns the page's error code for a microphone that cannot be opened. */
export function microphoneCode(failure: unknown): string {
  const name = failure instanceof DOMException ? failure.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'microphone_refused';
  if (name === 'NotFoundError' || name === 'NotReadableError') return 'microphone_missing';
  return 'microphone_unsupported';
}

/** Formats a length in seconds as "0:07" or "10:00". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** What browsers record, the one that most of them play first. */
const voiceTypes = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'] as const;

/** `null` where nothing can be recorded. */
export function bestVoiceType(): string | null {
  if (typeof MediaRecorder === 'undefined') return null;
  return voiceTypes.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

/** The recording as a file, named by when it was made. */
export function voiceFile(parts: readonly Blob[], recorded: string, now: Date): File {
  const type = recorded.split(';', 1)[0] ?? 'audio/webm';
  const ending = type === 'audio/mp4' ? 'm4a' : type.slice('audio/'.length);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('.');
  return new File([...parts], `voice ${day} ${time}.${ending}`, { type });
}

/** Why there is no microphone, as a code of the page's own words. */
export function microphoneCode(failure: unknown): string {
  const name = failure instanceof DOMException ? failure.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'microphone_refused';
  if (name === 'NotFoundError' || name === 'NotReadableError') return 'microphone_missing';
  return 'microphone_unsupported';
}

/** 0:07, 10:00. */
export function lengthWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

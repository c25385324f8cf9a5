import type { PreviewFile } from '@everywire/chat-client';
import { isVoiceName } from '../composer/voice-name.js';
import type { Words } from '../i18n/zh.js';

/** Returns what a file is called: a recording is a voice message, whatever its file name. */
export function fileTitle(name: string, words: Words): string {
  return isVoiceName(name) ? words.messages.voiceLine : name;
}

/** Returns the files of a message without a text as one line, such as "2 images, File: tides.pdf". */
export function filesLine(files: readonly PreviewFile[], words: Words): string {
  const { imagesLine, videoLine, voiceLine, fileLine, betweenFiles } = words.messages;
  const isImage = ({ type }: PreviewFile) => type.startsWith('image/');
  const count = files.filter(isImage).length;
  const others = files
    .filter((file) => !isImage(file))
    .map(({ name, type }) => {
      if (isVoiceName(name)) return voiceLine;
      return type.startsWith('video/') ? videoLine : fileLine(name);
    });
  return [...(count > 0 ? [imagesLine(count)] : []), ...others].join(betweenFiles);
}

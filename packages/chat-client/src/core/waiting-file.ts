import type { FileRef } from '@everywire/chat';

/** A file of a message in the outbox that has not gone up yet; JSON. The shell keeps its bytes, by the message's command id and `number`. */
export interface WaitingFile {
  readonly waiting: true;
  /** Its place among the files of its message, from 0. */
  readonly number: number;
  readonly name: string;
  /** A media type, as the device says; empty where it does not know. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

/** What goes along with a message in the outbox. */
export type Attachment = FileRef | WaitingFile;

export function isWaiting(attachment: Attachment): attachment is WaitingFile {
  return 'waiting' in attachment;
}

/** Those that are up. */
export function uploadedOf(attachments: readonly Attachment[]): readonly FileRef[] {
  return attachments.flatMap((attachment) => (isWaiting(attachment) ? [] : [attachment]));
}

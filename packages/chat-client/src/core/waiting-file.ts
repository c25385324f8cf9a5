import type { FileRef } from '@everywire/chat';

/**
 * A file of a message in the outbox that is not uploaded yet. JSON. The shell (the code around the core) stores its
 * bytes under the message's command id and `number`.
 */
export interface WaitingFile {
  readonly waiting: true;
  /** Index among the files of its message, from 0. */
  readonly number: number;
  readonly name: string;
  /** Media type reported by the device; empty if unknown. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

/** An attachment of a message in the outbox: uploaded (`FileRef`) or waiting for its upload. */
export type Attachment = FileRef | WaitingFile;

/** Returns whether an attachment is not uploaded yet. */
export function isWaiting(attachment: Attachment): attachment is WaitingFile {
  return 'waiting' in attachment;
}

/** Returns the uploaded attachments. */
export function uploadedOf(attachments: readonly Attachment[]): readonly FileRef[] {
  return attachments.flatMap((attachment) => (isWaiting(attachment) ? [] : [attachment]));
}

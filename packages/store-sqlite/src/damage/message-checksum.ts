import { crc32 } from 'node:zlib';

/** The columns of a message that the checksum covers. The statements that change them also write the checksum. */
export interface CheckedColumns {
  readonly conversation: number;
  readonly sequence: number;
  readonly id: Buffer;
  readonly sender: number;
  readonly command: Buffer;
  readonly kind: number;
  readonly body: string;
  readonly sentAt: number;
  readonly extra: string | null;
}

/**
 * Returns the CRC-32 of a message's content, sender, time and place. Takes about one microsecond. Detects errors of a
 * disk, but not forgery.
 */
export function messageChecksum(columns: CheckedColumns): number {
  const { conversation, sequence, id, sender, command, kind, body, sentAt, extra } = columns;
  const text = `${conversation} ${sequence} ${sender} ${kind} ${sentAt}\n${extra ?? ''}\n${body}`;
  return crc32(text, crc32(id, crc32(command)));
}

import { closeSync, fdatasync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Epoch } from '@everywire/chat';
import { createPrivateFile, syncDirectory } from './private-file.js';

/** Content of a slot: in the history `epoch`, everything up to `position` was acknowledged. */
export interface KeptPosition {
  readonly epoch: Epoch;
  readonly position: number;
  /** When this was written, milliseconds since the epoch. */
  readonly at: number;
}

/** Slots are on separate pages, so that a power cut during a write damages at most one. */
const SLOT_STEP = 4_096;
const SLOTS = 2;
/** Marks a slot. Numbers are doubles, which represent every integer counted here. */
const MAGIC = Buffer.from('EVWRPOS1', 'ascii');
const EPOCH_BYTES = 32;
const EPOCH_AT = MAGIC.length;
const POSITION_AT = EPOCH_AT + EPOCH_BYTES;
const WRITES_AT = POSITION_AT + 8;
const TIME_AT = WRITES_AT + 8;
const SUM_AT = TIME_AT + 8;
const SUM_BYTES = 4;
const SLOT_BYTES = SUM_AT + SUM_BYTES;

/**
 * A file of two slots, written alternately by one `pwrite` each. A slot is valid if its checksum is; the later valid
 * one counts. The file is created at its full size and synced, so that a write needs no space.
 */
export class PositionFile {
  readonly #handle: number;
  readonly #slot: Buffer = Buffer.alloc(SLOT_BYTES);
  #writes: number;
  #syncing = false;
  #closed = false;

  private constructor(handle: number, writes: number) {
    this.#handle = handle;
    this.#writes = writes;
    MAGIC.copy(this.#slot);
  }

  /** Reads the file; returns `null` if it does not exist or has no valid slot. */
  static read(file: string): KeptPosition | null {
    return newestSlot(file)?.kept ?? null;
  }

  /** Opens or creates the file for writing. Throws errors of the file system. */
  static open(file: string): PositionFile {
    const newest = newestSlot(file);
    if (newest === null) preallocate(file);
    return new PositionFile(openSync(file, 'r+'), newest?.writes ?? 0);
  }

  /** Writes the position. Throws errors of the file system; the other slot is then untouched. */
  write({ epoch, position, at }: KeptPosition): void {
    const writes = this.#writes + 1;
    const slot = this.#slot;
    slot.fill(0, EPOCH_AT, POSITION_AT);
    slot.write(epoch, EPOCH_AT, EPOCH_BYTES, 'ascii');
    slot.writeDoubleBE(position, POSITION_AT);
    slot.writeDoubleBE(writes, WRITES_AT);
    slot.writeDoubleBE(at, TIME_AT);
    slot.writeUInt32BE(checksum(slot), SUM_AT);
    writeSync(this.#handle, slot, 0, SLOT_BYTES, (writes % SLOTS) * SLOT_STEP);
    this.#writes = writes;
  }

  /** Syncs the file without blocking. A no-op while a sync is running. */
  sync(): void {
    if (this.#syncing || this.#closed) return;
    this.#syncing = true;
    fdatasync(this.#handle, () => {
      this.#syncing = false;
      if (this.#closed) closeSync(this.#handle);
    });
  }

  /** Syncs and closes. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      fdatasyncSync(this.#handle);
    } finally {
      if (!this.#syncing) closeSync(this.#handle);
    }
  }
}

interface Slot {
  readonly kept: KeptPosition;
  readonly writes: number;
}

function newestSlot(file: string): Slot | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return null; // Absent or unreadable: the same for callers; opening it reports which.
  }
  const slots = Array.from({ length: SLOTS }, (_, index) => parseSlot(bytes.subarray(index * SLOT_STEP)));
  return slots.reduce((a, b) => (a !== null && (b === null || a.writes > b.writes) ? a : b), null);
}

function parseSlot(bytes: Buffer): Slot | null {
  if (bytes.length < SLOT_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  if (checksum(bytes) !== bytes.readUInt32BE(SUM_AT)) return null;
  const epoch = bytes.subarray(EPOCH_AT, POSITION_AT).toString('ascii').replace(/\0+$/, '');
  const position = bytes.readDoubleBE(POSITION_AT);
  const at = bytes.readDoubleBE(TIME_AT);
  return { kept: { epoch, position, at }, writes: bytes.readDoubleBE(WRITES_AT) };
}

function checksum(slot: Buffer): number {
  return crc32(slot.subarray(0, SUM_AT));
}

function preallocate(file: string): void {
  createPrivateFile(file);
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, Buffer.alloc(SLOTS * SLOT_STEP), 0, SLOTS * SLOT_STEP, 0);
    fdatasyncSync(handle);
  } finally {
    closeSync(handle);
  }
  syncDirectory(dirname(file));
}

import type { FileRef } from '@everywire/chat';
import { fileAddress } from '../app/file-address.js';

export interface SoundView {
  readonly playing: boolean;
  /** Seconds. */
  readonly at: number;
  /** Seconds; `null` until it is known. */
  readonly length: number | null;
  readonly speed: number;
  readonly failed: boolean;
}

/** Whose it is, and the way to its message. */
export interface SoundSource {
  readonly name: string;
  readonly show: () => void;
}

const speeds: readonly number[] = [1, 1.5, 2];
/** What a recording without a length is asked for, so that the browser finds its end. */
const beyondAnyEnd = 1e101;

/** A sound of a message. Its element is in no document, so that it goes on wherever one goes. */
export class Sound {
  readonly id: string;
  #audio = new Audio();
  #view: SoundView = { playing: false, at: 0, length: null, speed: 1, failed: false };
  #listeners = new Set<() => void>();
  #looking = false;

  constructor(file: FileRef, onEnd: () => void) {
    this.id = file.id;
    const audio = this.#audio;
    audio.addEventListener('play', () => this.#change({ playing: true, failed: false }));
    audio.addEventListener('pause', () => this.#change({ playing: false }));
    audio.addEventListener('error', () => this.#change({ failed: true }));
    audio.addEventListener('ended', () => {
      audio.currentTime = 0;
      onEnd();
    });
    audio.addEventListener('timeupdate', () => {
      if (audio.duration !== Number.POSITIVE_INFINITY) this.#change({ at: audio.currentTime });
    });
    for (const event of ['loadedmetadata', 'durationchange']) audio.addEventListener(event, () => this.#findLength());
    audio.preload = 'metadata';
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getSnapshot = (): SoundView => this.#view;

  play(): void {
    // What failed once, for want of a network, fails until it is loaded again.
    if (this.#audio.error !== null) this.#audio.load();
    this.#audio.play().catch(() => this.#change({ failed: this.#audio.error !== null }));
  }

  pause(): void {
    this.#audio.pause();
  }

  seek(at: number): void {
    this.#audio.currentTime = at;
    this.#change({ at });
  }

  faster(): void {
    const next = speeds[(speeds.indexOf(this.#view.speed) + 1) % speeds.length] ?? 1;
    this.#audio.playbackRate = next;
    this.#change({ speed: next });
  }

  /** Loads what tells its length. */
  open(): void {
    if (!this.#audio.hasAttribute('src')) this.#audio.src = fileAddress(this.id);
  }

  /** Nothing of it is loaded any more. */
  close(): void {
    this.#audio.pause();
    this.#audio.removeAttribute('src');
    this.#audio.load();
  }

  /** What a browser recorded has no length in it, until its end was looked for. */
  #findLength(): void {
    const { duration } = this.#audio;
    if (Number.isFinite(duration)) {
      if (this.#looking) this.#audio.currentTime = 0;
      this.#looking = false;
      this.#change({ length: duration });
    } else if (duration === Number.POSITIVE_INFINITY && !this.#looking) {
      this.#looking = true;
      this.#audio.currentTime = beyondAnyEnd;
    }
  }

  #change(changes: Partial<SoundView>): void {
    this.#view = { ...this.#view, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

import type { FileRef } from '@everywire/chat';
import { fileAddress } from '../app/file-address.js';

/** The state of a sound for its players. */
export interface SoundView {
  readonly playing: boolean;
  /** The position in seconds. */
  readonly at: number;
  /** The length in seconds; `null` until it is known. */
  readonly length: number | null;
  readonly speed: number;
  readonly failed: boolean;
}

/** The sender of the message, and a function that goes to it. */
export interface SoundSource {
  readonly name: string;
  readonly show: () => void;
}

const speeds: readonly number[] = [1, 1.5, 2];
/** Seeking here makes the browser determine the length of a recording without one. */
const BEYOND_ANY_END = 1e101;

/** Plays the audio of a message. The audio element is not in the document, so that playback continues when the player unmounts. */
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
    // An element that failed, for example offline, fails until it is loaded again.
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

  /** Starts loading the metadata, which contains the length. */
  open(): void {
    if (!this.#audio.hasAttribute('src')) this.#audio.src = fileAddress(this.id);
  }

  /** Stops playback and loading. */
  close(): void {
    this.#audio.pause();
    this.#audio.removeAttribute('src');
    this.#audio.load();
  }

  /** A recording made by a browser contains no length until the browser has sought its end. */
  #findLength(): void {
    const { duration } = this.#audio;
    if (Number.isFinite(duration)) {
      if (this.#looking) this.#audio.currentTime = 0;
      this.#looking = false;
      this.#change({ length: duration });
    } else if (duration === Number.POSITIVE_INFINITY && !this.#looking) {
      this.#looking = true;
      this.#audio.currentTime = BEYOND_ANY_END;
    }
  }

  #change(changes: Partial<SoundView>): void {
    this.#view = { ...this.#view, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

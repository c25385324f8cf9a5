import type { FileRef } from '@everywire/chat';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Sound, type SoundSource } from './sound.js';

interface KeptSound {
  readonly sound: Sound;
  /** The number of mounted players of the sound. */
  readonly shown: number;
}

/** The sound that was started last, until it ends or is stopped. */
export interface Playing {
  readonly sound: Sound;
  readonly source: SoundSource;
}

const kept = new Map<string, KeptSound>();
const listeners = new Set<() => void>();
let playing: Playing | null = null;
/** The playing or paused sound if no mounted player shows it. */
let away: Playing | null = null;

/** Returns the sound of a file, shared by all its players. It is kept while one is mounted or it plays. */
export function useSound(file: FileRef): Sound {
  const [sound] = useState(() => soundOf(file));
  useEffect(() => {
    show(sound, 1);
    return () => show(sound, -1);
  }, [sound]);
  return sound;
}

/** Returns the sound that has no mounted player, or `null`. */
export function useDetachedSound(): Playing | null {
  return useSyncExternalStore(subscribe, () => away);
}

/** Plays a sound and stops any other one. */
export function playSound(sound: Sound, source: SoundSource): void {
  if (playing !== null && playing.sound !== sound) {
    playing.sound.pause();
    set(null);
  }
  sound.play();
  set({ sound, source });
}

/** Stops the current sound: before a recording starts, and on sign-out. */
export function stopSound(): void {
  playing?.sound.pause();
  set(null);
}

function soundOf(file: FileRef): Sound {
  const known = kept.get(file.id);
  if (known !== undefined) return known.sound;
  const sound = new Sound(file, () => ended(file.id));
  kept.set(file.id, { sound, shown: 0 });
  return sound;
}

function ended(id: string): void {
  if (playing?.sound.id === id) set(null);
}

function show(sound: Sound, by: 1 | -1): void {
  if (by === 1) sound.open();
  kept.set(sound.id, { sound, shown: (kept.get(sound.id)?.shown ?? 0) + by });
  set(playing);
}

/** Evicts sounds that neither play nor are shown, and notifies the listeners. */
function set(next: Playing | null): void {
  playing = next;
  for (const [id, { sound, shown }] of kept) {
    if (shown > 0 || sound === playing?.sound) continue;
    kept.delete(id);
    sound.close();
  }
  away = playing !== null && kept.get(playing.sound.id)?.shown === 0 ? playing : null;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

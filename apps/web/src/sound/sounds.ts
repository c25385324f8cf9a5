import type { FileRef } from '@everywire/chat';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Sound, type SoundSource } from './sound.js';

interface Kept {
  readonly sound: Sound;
  /** How many players in the page show it. */
  readonly shown: number;
}

/** What was begun last, until it ends or is put away. */
export interface Playing {
  readonly sound: Sound;
  readonly source: SoundSource;
}

const kept = new Map<string, Kept>();
const listeners = new Set<() => void>();
let playing: Playing | null = null;
/** What plays, or waits at its place, while no player in the page shows it. */
let away: Playing | null = null;

/** The sound of a file, the same one for all who show it; loaded while one of them does, or while it plays. */
export function useSound(file: FileRef): Sound {
  const [sound] = useState(() => soundOf(file));
  useEffect(() => {
    show(sound, 1);
    return () => show(sound, -1);
  }, [sound]);
  return sound;
}

/** What goes on though one has gone elsewhere. */
export function useSoundAway(): Playing | null {
  return useSyncExternalStore(subscribe, () => away);
}

/** One plays at a time. */
export function playSound(sound: Sound, source: SoundSource): void {
  if (playing !== null && playing.sound !== sound) {
    playing.sound.pause();
    set(null);
  }
  sound.play();
  set({ sound, source });
}

/** Puts away what plays: before one records, and when nobody is signed in any more. */
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

/** Drops what neither plays nor is shown, and tells those who look. */
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

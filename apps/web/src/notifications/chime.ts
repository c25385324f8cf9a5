/** The minimum time between two chimes, in milliseconds. */
const PAUSE_MS = 3_000;

/** Two soft tones, the second higher: frequency in hertz, and start in seconds. */
const tones = [
  [659, 0],
  [880, 0.12],
] as const;
const LENGTH_S = 0.45;
const LOUDNESS = 0.12;

/** The notification sound. Calls within three seconds of the last one are ignored. */
export interface Chime {
  sound(): void;
  close(): void;
}

/**
 * Creates a chime. `create` makes the audio context; it is called lazily, because browsers refuse audio before the user has interacted with
 * the page.
 */
export function createChime(create: () => AudioContext | null = createContext): Chime {
  let context: AudioContext | null = null;
  let last = Number.NEGATIVE_INFINITY;
  return {
    sound: () => {
      if (Date.now() - last < PAUSE_MS) return;
      context ??= create();
      if (context === null) return;
      last = Date.now();
      const audio = context;
      // The context of a hidden tab may be suspended.
      if (audio.state === 'suspended') audio.resume().then(() => play(audio), ignore);
      else play(audio);
    },
    close: () => {
      context?.close().catch(ignore);
      context = null;
    },
  };
}

function play(audio: AudioContext): void {
  for (const [pitch, after] of tones) {
    const start = audio.currentTime + after;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.001, start + LENGTH_S);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + LENGTH_S);
  }
}

function createContext(): AudioContext | null {
  if (navigator.userActivation?.hasBeenActive === false || typeof AudioContext === 'undefined') return null;
  return new AudioContext();
}

/** Ignores a failed sound, because the notification is still visible. */
function ignore(): void {}

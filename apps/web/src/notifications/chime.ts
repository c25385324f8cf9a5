/** Milliseconds between two sounds, at least. */
const pauseMs = 3_000;

/** Two soft tones, the second higher: hertz, and seconds after the beginning. */
const tones = [
  [659, 0],
  [880, 0.12],
] as const;
const lengthS = 0.45;
const loudness = 0.12;

/** A sound that can be asked for at any time. It is not made again within three seconds. */
export interface Chime {
  sound(): void;
  close(): void;
}

/** @param create makes the audio context: lazily, and only once the person has done something in the page, because browsers refuse sound before */
export function createChime(create: () => AudioContext | null = createContext): Chime {
  let context: AudioContext | null = null;
  let last = Number.NEGATIVE_INFINITY;
  return {
    sound: () => {
      if (Date.now() - last < pauseMs) return;
      context ??= create();
      if (context === null) return;
      last = Date.now();
      const audio = context;
      // A context that waited in a hidden tab may sleep.
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
    volume.gain.linearRampToValueAtTime(loudness, start + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.001, start + lengthS);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + lengthS);
  }
}

function createContext(): AudioContext | null {
  if (navigator.userActivation?.hasBeenActive === false || typeof AudioContext === 'undefined') return null;
  return new AudioContext();
}

/** Without its sound the notification is still seen. */
function ignore(): void {}

import { Pause, Play } from 'lucide-react';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';
import type { Sound, SoundSource } from './sound.js';
import { playSound } from './sounds.js';

interface PlayButtonProps {
  readonly sound: Sound;
  readonly source: SoundSource;
  readonly playing: boolean;
  readonly size: 16 | 20;
}

/** Renders the play and pause button of a sound. */
export function PlayButton({ sound, source, playing, size }: PlayButtonProps) {
  const words = useWords().messages;
  const label = playing ? words.pauseVoice : words.playVoice;
  return (
    <button
      type="button"
      className="voice-play"
      aria-label={label}
      title={label}
      onClick={() => (playing ? sound.pause() : playSound(sound, source))}
    >
      <Icon of={playing ? Pause : Play} size={size} />
    </button>
  );
}

interface SpeedButtonProps {
  readonly sound: Sound;
  readonly speed: number;
}

/** Renders the speed button, which cycles through the speeds. */
export function SpeedButton({ sound, speed }: SpeedButtonProps) {
  const words = useWords().messages;
  const label = words.voiceSpeed(speed);
  return (
    <button type="button" className="voice-speed num" aria-label={label} title={label} onClick={() => sound.faster()}>
      {speed}×
    </button>
  );
}

import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { formatDuration } from '../composer/voice-recording.js';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';
import { PlayButton, SpeedButton } from './sound-buttons.js';
import { type Playing, stopSound, useDetachedSound } from './sounds.js';
import './sound.css';

/** Renders the player of a voice message whose own player is not mounted: sender, pause, speed, and stop. */
export function SoundBar() {
  const away = useDetachedSound();
  return away === null ? null : <Bar {...away} />;
}

function Bar({ sound, source }: Playing) {
  const words = useWords().messages;
  const { playing, at, length, speed } = useSyncExternalStore(sound.subscribe, sound.getSnapshot);
  return (
    <section className="sound-bar" aria-label={words.voiceOf(source.name)}>
      <PlayButton sound={sound} source={source} playing={playing} size={16} />
      <button type="button" className="sound-source" title={words.toQuoted} onClick={source.show}>
        <bdi>{source.name}</bdi>
        <small className="num">
          {formatDuration(at)}
          {length !== null && ` / ${formatDuration(length)}`}
        </small>
      </button>
      <SpeedButton sound={sound} speed={speed} />
      <button
        type="button"
        className="voice-speed"
        aria-label={words.stopVoice}
        title={words.stopVoice}
        onClick={stopSound}
      >
        <Icon of={X} size={16} />
      </button>
    </section>
  );
}

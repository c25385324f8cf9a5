import type { FileRef } from '@everywire/chat';
import { Pause, Play } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { lengthWords } from '../composer/voice-recording.js';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import type { SoundSource } from './sound.js';
import { playSound, useSound } from './sounds.js';
import './sound.css';

interface VoicePlayerProps {
  readonly file: FileRef;
  readonly source: SoundSource;
}

/** A sound that came along: played in place, with where it is and how fast. It goes on when one goes elsewhere. */
export function VoicePlayer({ file, source }: VoicePlayerProps) {
  const words = useWords().messages;
  const sound = useSound(file);
  const { playing, at, length, speed, failed } = useSyncExternalStore(sound.subscribe, sound.getSnapshot);
  const label = playing ? words.pauseVoice : words.playVoice;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has a look and a legend of its own
    <div className="voice" role="group" aria-label={words.voiceMessage} data-playing={playing}>
      <button
        type="button"
        className="voice-play"
        aria-label={label}
        title={label}
        onClick={() => (playing ? sound.pause() : playSound(sound, source))}
      >
        <Icon of={playing ? Pause : Play} />
      </button>
      <span>
        <input
          type="range"
          aria-label={words.voicePlace}
          aria-valuetext={words.voiceAt(lengthWords(at), lengthWords(length ?? 0))}
          min={0}
          max={length ?? 1}
          step={0.1}
          value={Math.min(at, length ?? 0)}
          disabled={length === null}
          // The arrows move the sound here, and not the focus to another message.
          onKeyDown={(event) => event.stopPropagation()}
          onChange={({ target }) => sound.seek(Number(target.value))}
        />
        <small className="num" role={failed ? 'alert' : undefined}>
          {failed ? words.voiceMissing : length === null ? '–:––' : lengthWords(playing || at > 0 ? at : length)}
        </small>
      </span>
      <button
        type="button"
        className="voice-speed num"
        aria-label={words.voiceSpeed(speed)}
        title={words.voiceSpeed(speed)}
        onClick={() => sound.faster()}
      >
        {speed}×
      </button>
    </div>
  );
}

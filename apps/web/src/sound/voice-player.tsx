import type { FileRef } from '@everywire/chat';
import { useSyncExternalStore } from 'react';
import { formatDuration } from '../composer/voice-recording.js';
import { RetryButton } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import type { SoundSource } from './sound.js';
import { PlayButton, SpeedButton } from './sound-buttons.js';
import { playSound, useSound } from './sounds.js';
import './sound.css';

interface VoicePlayerProps {
  readonly file: FileRef;
  readonly source: SoundSource;
}

/** Renders a player for an audio file, with position and speed. Playback continues when it unmounts. */
export function VoicePlayer({ file, source }: VoicePlayerProps) {
  const words = useWords().messages;
  const sound = useSound(file);
  const { playing, at, length, speed, failed } = useSyncExternalStore(sound.subscribe, sound.getSnapshot);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has its own style and needs a legend
    <div className="voice" role="group" aria-label={words.voiceMessage} data-playing={playing}>
      <PlayButton sound={sound} source={source} playing={playing} size={20} />
      <span>
        <input
          type="range"
          aria-label={words.voicePlace}
          aria-valuetext={words.voiceAt(formatDuration(at), formatDuration(length ?? 0))}
          min={0}
          max={length ?? 1}
          step={0.1}
          value={Math.min(at, length ?? 0)}
          disabled={length === null}
          // Here the arrow keys seek and must not move the focus to another message.
          onKeyDown={(event) => event.stopPropagation()}
          onChange={({ target }) => sound.seek(Number(target.value))}
        />
        <small className="num" role={failed ? 'alert' : undefined}>
          {failed && (
            <>
              {words.voiceMissing} <RetryButton onRetry={() => playSound(sound, source)} />
            </>
          )}
          {!failed && (length === null ? '–:––' : formatDuration(playing || at > 0 ? at : length))}
        </small>
      </span>
      <SpeedButton sound={sound} speed={speed} />
    </div>
  );
}

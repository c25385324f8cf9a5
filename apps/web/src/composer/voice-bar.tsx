import { ArrowUp, Mic, X } from 'lucide-react';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import type { Voice, VoiceView } from './use-voice.js';
import { lengthWords } from './voice-recording.js';
import './voice.css';

interface VoiceBarProps {
  readonly voice: Voice;
  readonly view: VoiceView;
}

/** In the field's place while one speaks: that it is recorded, how long, how loud; put away or sent. */
export function VoiceBar({ voice, view }: VoiceBarProps) {
  const words = useWords();
  const { seconds, levels, full } = view;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has a look and a legend of its own
    <div
      className="write voice-bar"
      role="group"
      aria-label={words.messages.recording}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        voice.cancel();
      }}
    >
      <button
        type="button"
        className="attach"
        aria-label={words.messages.cancelVoice}
        title={words.messages.cancelVoice}
        onClick={voice.cancel}
      >
        <Icon of={X} />
      </button>
      <span className="voice-levels" aria-hidden="true">
        {levels.map((level, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a place in the row, not a thing
          <i key={at} style={{ blockSize: `${Math.round(12 + level * 88)}%` }} />
        ))}
      </span>
      <span className="num voice-time">{lengthWords(seconds)}</span>
      <span role="status" className={full ? 'voice-full' : 'hide'}>
        {full ? words.messages.voiceFull : words.messages.recording}
      </span>
      <button
        type="button"
        className="send"
        aria-label={words.messages.sendVoice}
        title={words.messages.sendVoice}
        onClick={voice.finish}
        // Enter sends, as it does from the field that was here.
        // biome-ignore lint/a11y/noAutofocus: recording was begun on purpose
        autoFocus
      >
        <Icon of={ArrowUp} />
      </button>
    </div>
  );
}

/** Begins a voice message; there while nothing is written. */
export function VoiceButton({ onStart }: { readonly onStart: () => void }) {
  const words = useWords().messages;
  return (
    <button type="button" className="attach" aria-label={words.recordVoice} title={words.recordVoice} onClick={onStart}>
      <Icon of={Mic} />
    </button>
  );
}

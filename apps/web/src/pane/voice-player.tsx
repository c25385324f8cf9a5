import type { FileRef } from '@everywire/chat';
import { Pause, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { fileAddress } from '../app/file-address.js';
import { lengthWords } from '../composer/voice-recording.js';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import './voice-player.css';

const speeds = [1, 1.5, 2] as const;
/** What a recording without a length is asked for, so that the browser finds its end. */
const beyondAnyEnd = 1e101;

/** A sound that came along: played in place, with where it is and how fast. One plays at a time. */
export function VoicePlayer({ file }: { readonly file: FileRef }) {
  const words = useWords().messages;
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const length = useLength(audio);
  const [speed, setSpeed] = useState<(typeof speeds)[number]>(1);
  const [failed, setFailed] = useState(false);
  const toggle = () => {
    const element = audio.current;
    if (element === null) return;
    if (playing) element.pause();
    else element.play().catch(() => setFailed(element.error !== null));
  };
  const faster = () => {
    const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1;
    if (audio.current !== null) audio.current.playbackRate = next;
    setSpeed(next);
  };
  const label = playing ? words.pauseVoice : words.playVoice;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has a look and a legend of its own
    <div className="voice" role="group" aria-label={words.voiceMessage} data-playing={playing}>
      {/* biome-ignore lint/a11y/useMediaCaption: a voice message has no captions to offer */}
      <audio
        ref={audio}
        preload="metadata"
        src={fileAddress(file.id)}
        onPlay={(event) => {
          pauseOthers(event.currentTarget);
          setFailed(false);
          setPlaying(true);
        }}
        onPause={() => setPlaying(false)}
        onEnded={(event) => {
          event.currentTarget.currentTime = 0;
        }}
        onTimeUpdate={({ currentTarget }) => {
          if (currentTarget.duration !== Number.POSITIVE_INFINITY) setAt(currentTarget.currentTime);
        }}
        onError={() => setFailed(true)}
      />
      <button type="button" className="voice-play" aria-label={label} title={label} onClick={toggle}>
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
          onChange={({ target }) => {
            if (audio.current !== null) audio.current.currentTime = Number(target.value);
            setAt(Number(target.value));
          }}
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
        onClick={faster}
      >
        {speed}×
      </button>
    </div>
  );
}

/** Seconds; `null` until it is known. What a browser recorded has no length in it, until its end was looked for. */
function useLength(audio: { readonly current: HTMLAudioElement | null }): number | null {
  const [length, setLength] = useState<number | null>(null);
  useEffect(() => {
    const element = audio.current;
    if (element === null) return;
    let looking = false;
    const look = () => {
      const { duration } = element;
      if (Number.isFinite(duration)) {
        if (looking) element.currentTime = 0;
        looking = false;
        setLength(duration);
      } else if (duration === Number.POSITIVE_INFINITY && !looking) {
        looking = true;
        element.currentTime = beyondAnyEnd;
      }
    };
    for (const event of ['loadedmetadata', 'durationchange']) element.addEventListener(event, look);
    look();
    return () => {
      for (const event of ['loadedmetadata', 'durationchange']) element.removeEventListener(event, look);
    };
  }, [audio]);
  return length;
}

function pauseOthers(playing: HTMLAudioElement): void {
  for (const other of document.querySelectorAll('audio')) if (other !== playing) other.pause();
}

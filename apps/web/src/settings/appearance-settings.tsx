import { ToggleGroup } from 'radix-ui';
import { type Theme, usePreferences } from '../design/preferences.js';
import { useWords, wordsOf } from '../i18n/words.js';
import { Choice, OnOff } from './option.js';

/** Renders the appearance settings. */
export function AppearanceSettings() {
  const words = useWords();
  const [preferences, change] = usePreferences();
  return (
    <>
      <h3>{words.appearance}</h3>
      <Themes />
      <Choice
        title={words.density}
        text={words.densityWords}
        value={preferences.density}
        choices={[
          ['comfortable', words.comfortable],
          ['compact', words.compact],
        ]}
        onChange={(density) => change({ density })}
      />
      <Choice
        title={words.languages}
        text={words.languageWords}
        value={preferences.language}
        choices={[
          ['zh', wordsOf('zh').language],
          ['en', wordsOf('en').language],
        ]}
        onChange={(language) => change({ language })}
      />
      <Choice
        title={words.sendWith}
        text={words.sendWithWords}
        value={preferences.sendWith}
        choices={[
          ['enter', 'Enter'],
          ['ctrl-enter', 'Ctrl + Enter'],
        ]}
        onChange={(sendWith) => change({ sendWith })}
      />
      <OnOff
        title={words.showTyping}
        text={words.showTypingWords}
        value={preferences.showTyping}
        onChange={(showTyping) => change({ showTyping })}
      />
      <OnOff
        title={words.openAtEnd}
        text={words.openAtEndWords}
        value={preferences.openAtEnd}
        onChange={(openAtEnd) => change({ openAtEnd })}
      />
      <OnOff
        title={words.lessMotion}
        text={words.lessMotionWords}
        value={preferences.lessMotion}
        onChange={(lessMotion) => change({ lessMotion })}
      />
    </>
  );
}

function Themes() {
  const words = useWords();
  const [{ theme }, change] = usePreferences();
  const themes: readonly (readonly [Theme, string])[] = [
    ['system', words.themeSystem],
    ['light', words.themeLight],
    ['dark', words.themeDark],
    ['contrast', words.themeContrast],
  ];
  return (
    <ToggleGroup.Root
      type="single"
      className="themes"
      aria-label={words.theme}
      value={theme}
      onValueChange={(next) => {
        const chosen = themes.find(([name]) => name === next);
        if (chosen !== undefined) change({ theme: chosen[0] });
      }}
    >
      {themes.map(([name, label]) => (
        <ToggleGroup.Item key={name} value={name}>
          <i className={`theme-${name}`} />
          {label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}

import { type Language, usePreferences } from '../design/preferences.js';
import { useWords, wordsOf } from '../i18n/words.js';

const languages: readonly Language[] = ['zh', 'en'];

/** Renders a link for each language, labelled in that language. */
export function LanguageLinks() {
  const words = useWords();
  const [preferences, change] = usePreferences();
  return (
    <nav aria-label={words.languages}>
      {languages.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={preferences.language === language}
          onClick={() => change({ language })}
        >
          {wordsOf(language).language}
        </button>
      ))}
    </nav>
  );
}

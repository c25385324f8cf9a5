import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { guardCompositions, isSafari } from '../composer/composition-guard.js';
import { preventStrayDrops } from '../composer/drop-zone.js';
import { PasswordRuleContext } from '../design/password-rule.js';
import { followPreferences } from '../design/preferences.js';
import { App } from './app.js';
import type { Backend } from './backend.js';
import { watchChunks } from './new-version.js';
import { PageFailure } from './page-failure.js';
import { followHistory } from './page-history.js';
import '../design/tokens.css';
import '../design/base.css';
import '../design/field.css';

/** Renders the page into the document's element `#page` and starts the page-wide listeners. */
export function mountPage(backend: Backend): void {
  followPreferences();
  watchChunks();
  followHistory();
  guardCompositions(window, isSafari);
  preventStrayDrops();
  // Not part of the initial bundle: others change the document only after it is shown. `watchChunks` handles a failure.
  import('./foreign-changes.js').then(
    (module) => module.guard(),
    () => undefined,
  );
  const place = document.getElementById('page');
  if (place === null) throw new Error('The document has no element with the id "page".');
  const loadServerInfo = () => backend.place();
  createRoot(place).render(
    <StrictMode>
      <PageFailure>
        <PasswordRuleContext value={loadServerInfo}>
          <App backend={backend} />
        </PasswordRuleContext>
      </PageFailure>
    </StrictMode>,
  );
}

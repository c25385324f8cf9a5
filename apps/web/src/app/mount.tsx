import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { followPreferences } from '../look/preferences.js';
import { App } from './app.js';
import type { Backend } from './backend.js';
import { fetchTheRest } from './later.js';
import { Mishap } from './mishap.js';
import '../look/tokens.css';
import '../look/base.css';

/** Puts the page into the document. */
export function mountPage(backend: Backend): void {
  followPreferences();
  const place = document.getElementById('page');
  if (place === null) throw new Error('The document has no element with the id "page".');
  createRoot(place).render(
    <StrictMode>
      <Mishap>
        <App backend={backend} />
      </Mishap>
    </StrictMode>,
  );
  fetchTheRest();
}

import type { SignedIn } from '@everywire/chat-client';
import { useEffect, useState } from 'react';
import { type Backend, codeOf } from './backend.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Requests the cookie with which page elements read files, and retries with a growing delay. Returns whether the cookie is set. */
export function useFilesCookie(backend: Pick<Backend, 'openFiles'>, account: SignedIn): boolean {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    let dropped = false;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const ask = (pauseMs: number) => {
      backend.openFiles(account).then(
        () => {
          if (!dropped) setOpen(true);
        },
        (error: unknown) => {
          // A sign-in that has ended gets no cookie. The session reports that separately.
          if (dropped || codeOf(error) === 'unauthenticated') return;
          timer = setTimeout(() => ask(Math.min(2 * pauseMs, LONGEST_PAUSE_MS)), pauseMs);
        },
      );
    };
    setOpen(false);
    ask(FIRST_PAUSE_MS);
    return () => {
      dropped = true;
      if (timer !== null) clearTimeout(timer);
    };
  }, [backend, account]);
  return open;
}

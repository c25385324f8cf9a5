import type { LinkInfo, ServerInfo } from '@everywire/chat-client';
import { useEffect, useState } from 'react';
import { type Backend, codeOf } from '../app/backend.js';
import type { FollowedLink } from '../app/link-secret.js';

/** The pause before a retry in milliseconds; it doubles up to `last`. */
const pauseMs = { first: 2_000, last: 30_000 } as const;

interface KnownLink {
  /** `null` until the server has answered. */
  readonly info: LinkInfo | null;
  /** The error code of the last attempt, or `null`. Retryable errors are retried, immediately once the browser is online. */
  readonly problem: string | null;
  readonly place: ServerInfo | null;
}

/** Loads what a link is for, and retries while the server is unreachable. */
export function useLink(backend: Backend, link: FollowedLink): KnownLink {
  const [info, setInfo] = useState<LinkInfo | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [place, setPlace] = useState<ServerInfo | null>(null);
  useEffect(() => {
    let dropped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pause: number = pauseMs.first;
    const wait = () => {
      timer = setTimeout(ask, pause);
      pause = Math.min(pause * 2, pauseMs.last);
    };
    const answered = (found: LinkInfo) => {
      if (dropped) return;
      setInfo(found);
      setProblem(null);
      // If this fails, the address is shown in place of the name.
      backend.place().then(
        (known) => !dropped && setPlace(known),
        () => undefined,
      );
    };
    const failed = (error: unknown) => {
      if (dropped) return;
      setProblem(codeOf(error));
      if (isRetryable(error)) wait();
    };
    const ask = () => {
      timer = undefined;
      backend.links.look(link.secret).then(answered, failed);
    };
    const askNow = () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      pause = pauseMs.first;
      ask();
    };
    addEventListener('online', askNow);
    ask();
    return () => {
      dropped = true;
      clearTimeout(timer);
      removeEventListener('online', askNow);
    };
  }, [backend, link]);
  return { info, problem, place };
}

function isRetryable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;
}

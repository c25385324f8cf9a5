import { useEffect, useRef, useState } from 'react';
import { restoreAddress } from './route.js';

/** A sign-in that lasts this long on an open connection has been accepted by the server. */
const ACCEPTED_AFTER_MS = 5_000;

/**
 * Restores the address that was opened if the server then ends the sign-in without having accepted it. The page shows what the device has
 * stored in the meantime and may have removed the message from the address; after the next sign-in the link leads to it all the same.
 */
export function useUnfollowedLink(connected: boolean, signedOut: boolean): void {
  const [opened] = useState(() => location.hash);
  const accepted = useRef(false);
  useEffect(() => {
    if (!connected) return;
    const timer = setTimeout(() => {
      accepted.current = true;
    }, ACCEPTED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [connected]);
  useEffect(() => {
    if (signedOut && !accepted.current) restoreAddress(opened);
  }, [signedOut, opened]);
}

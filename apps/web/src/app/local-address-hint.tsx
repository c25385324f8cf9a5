import { useWords } from '../i18n/words.js';

/** Renders a hint next to a link that only works on this computer. */
export function LocalAddressHint({ link }: { readonly link: string }) {
  const words = useWords();
  return isLocal(link) ? <small className="local-address">{words.localAddress}</small> : null;
}

/** Returns whether the host of an address is a loopback host. */
export function isLocal(address: string): boolean {
  const { hostname } = new URL(address);
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

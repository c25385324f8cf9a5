import { useWords } from '../i18n/words.js';

/** Says next to a link that it works on this computer alone, where it does. */
export function LocalAddressHint({ link }: { readonly link: string }) {
  const words = useWords();
  return isLocal(link) ? <small className="local-address">{words.localAddress}</small> : null;
}

/** Whether the host of an address is the computer that asks. */
export function isLocal(address: string): boolean {
  const { hostname } = new URL(address);
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

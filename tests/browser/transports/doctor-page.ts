import { examine, type Report } from '@everywire/client/doctor';

declare global {
  interface Window {
    examine(url: string): Promise<Report>;
  }
}

window.examine = (url) => examine(url);

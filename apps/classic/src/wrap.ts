import { createHash } from 'node:crypto';
import type { Language } from './language.js';

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent); --soft: color-mix(in srgb, currentColor 6%, transparent); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 64rem; font: 1rem/1.6 system-ui, sans-serif; }
h1 { line-height: 1.25; }
header nav { float: right; }
article { border-top: 1px solid var(--line); padding: .5rem 0 1rem; }
pre, table { overflow-x: auto; }
pre { margin: 0; padding: .75rem; border-radius: .5rem; background: var(--soft); font: .875rem/1.5 ui-monospace, monospace; }
.run { display: grid; gap: .5rem; grid-template-columns: 1fr 1fr; }
.run iframe { width: 100%; height: 100%; min-height: 10rem; border: 1px solid var(--line); border-radius: .5rem; }
.button { display: inline-block; min-height: 2.75rem; padding: .5rem 1.25rem; border-radius: .5rem; background: #1456b8; color: #fff; text-decoration: none; }
.note { padding: .5rem .75rem; border-inline-start: 3px solid #b86a14; background: var(--soft); }
.document table { display: block; border-collapse: collapse; }
.document th, .document td { padding: .25rem .5rem; border: 1px solid var(--line); text-align: start; }
@media (max-width: 44rem) { .run { grid-template-columns: minmax(0, 1fr); } }
`;

/** The content security policy of pages without scripts. Allows only `STYLE` and frames of this server. */
export const stylePolicy: string = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** Returns a complete HTML document. The caller must escape all foreign text in `body`. */
export function wrap(language: Language, title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

import { type Example, examples } from './examples.js';
import type { Language } from './language.js';
import type { ClassicOptions } from './options.js';
import { stylePolicy, wrap } from './wrap.js';

const words = {
  en: {
    title: 'Classic examples of web messaging',
    about:
      'Each server below speaks to the five-line client that tutorials print. None of them repeats what was lost, keeps an order between two connections, or knows who is asking: that is what Everywire adds.',
    other: '<a href="/?lang=zh" lang="zh-CN">中文</a>',
    run: 'Run',
    running: 'What comes',
    read: 'How it works',
    missing: (variant: string) =>
      `This server runs without it. Start it with <code>npm run classic -- --classic ${variant}</code>.`,
    cors: (origin: string) =>
      `Only pages of <code>${origin}</code> may read the answer. <code>--origin</code> names another.`,
  },
  zh: {
    title: '网页消息的经典示例',
    about:
      '下面每个服务器，都能和教程里的五行客户端对话。它们不补发丢失的消息，不保证两个连接之间的顺序，也不知道对方是谁；这些正是 Everywire 加上的东西。',
    other: '<a href="/?lang=en" lang="en">English</a>',
    run: '运行',
    running: '收到的内容',
    read: '工作原理',
    missing: (variant: string) => `当前没有启用。请用 <code>npm run classic -- --classic ${variant}</code> 启动。`,
    cors: (origin: string) => `只有 <code>${origin}</code> 的页面可以读取回答，可用 <code>--origin</code> 更换。`,
  },
};

/**
 * Returns the page that lists all examples, each with its source, and its content security policy. An example runs in a frame when
 * its button is pressed.
 */
export function indexPage(
  options: ClassicOptions,
  language: Language,
): { readonly html: string; readonly policy: string } {
  const { title, about, other } = words[language];
  const list = examples.map((example) => article(example, options, language)).join('\n');
  const body = `<header><nav>${other}</nav><h1>${title}</h1><p>${about}</p></header>\n<main>\n${list}\n</main>`;
  return { html: wrap(language, title, body), policy: stylePolicy };
}

function article(example: Example, { variants, origin }: ClassicOptions, language: Language): string {
  const { run, running, read, missing, cors } = words[language];
  const { name, variant } = example;
  const runs = variant === undefined || variants.has(variant);
  const notes = [
    ...(runs ? [] : [missing(variant)]),
    ...(name === 'cors' || name === 'xdomainrequest' ? [cors(escapeHtml(origin))] : []),
  ];
  const title = example.title[language];
  const anchor = encodeURIComponent(example.section[language]);
  return `<article aria-labelledby="${name}">
<h2 id="${name}">${title}</h2>
<p>${example.about[language]} <a href="/docs/transports?lang=${language}#${anchor}" aria-label="${read}: ${title}">${read}</a></p>
${notes.map((note) => `<p class="note">${note}</p>`).join('\n')}
<div class="run">
<pre tabindex="0" role="region" aria-label="${title}"><code>${escapeHtml(example.script)}</code></pre>
${runs ? `<iframe name="run-${name}" title="${running}: ${title}"></iframe>` : ''}
</div>
${runs ? `<p><a class="button" href="/examples/${name}" target="run-${name}" aria-label="${run}: ${title}">${run}</a></p>` : ''}
</article>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

import { createHash } from 'node:crypto';

/** A textbook client of one technique, which the index page shows and runs. */
export interface Example {
  /** Part of the URL of its page, `/examples/NAME`. */
  readonly name: string;
  /** The heading of docs/transports.md that explains it, as an anchor; the Chinese page has headings of its own. */
  readonly section: { readonly en: string; readonly zh: string };
  readonly title: { readonly en: string; readonly zh: string };
  readonly about: { readonly en: string; readonly zh: string };
  /** The value of `--classic` that the example needs. Without it, the example runs on every server. */
  readonly variant?: 'long-polling' | 'htmlfile';
  /** The script of the page, which shows received data in `out`. */
  readonly script: string;
}

/** All examples, in the order of the index page. */
export const examples: readonly Example[] = [
  {
    name: 'short-polling',
    section: { en: 'short-polling', zh: '短轮询' },
    title: { en: 'Short polling', zh: '短轮询' },
    about: {
      en: 'Asks every two seconds, whether there is something new or not.',
      zh: '每两秒问一次，不管有没有新消息。',
    },
    script: `setInterval(function () {
  var xhr = new XMLHttpRequest();
  xhr.open('GET', '/time');
  xhr.onload = function () { show(xhr.responseText); };
  xhr.send();
}, 2000);`,
  },
  {
    name: 'long-polling',
    section: { en: 'long-polling', zh: '长轮询' },
    title: { en: 'Long polling', zh: '长轮询' },
    about: {
      en: 'The server answers when there is something new. The client asks again after each answer.',
      zh: '有新消息时服务器才回答；收到回答后，客户端马上再问。',
    },
    variant: 'long-polling',
    script: `function poll() {
  var xhr = new XMLHttpRequest();
  xhr.open('GET', '/time');
  xhr.onload = function () { show(xhr.responseText); poll(); };
  xhr.onerror = function () { setTimeout(poll, 2000); };
  xhr.send();
}
poll();`,
  },
  {
    name: 'xhr-streaming',
    section: { en: 'xhr-streaming', zh: 'xhr-流' },
    title: { en: 'XHR streaming', zh: 'XHR 流' },
    about: {
      en: 'One answer that does not end; in readyState 3 the page reads what has come so far.',
      zh: '一个不结束的响应；readyState 为 3 时，读取已经到达的部分。',
    },
    script: `var xhr = new XMLHttpRequest(), received = 0;
xhr.open('GET', '/stream');
xhr.onreadystatechange = function () {
  if (xhr.readyState < 3) return;
  var text = xhr.responseText.substring(received);
  received += text.length;
  if (text) show(text);
  if (xhr.readyState === 4) show('the stream has ended');
};
xhr.send();`,
  },
  {
    name: 'fetch-streaming',
    section: { en: 'fetch-streaming', zh: 'fetch-流' },
    title: { en: 'Fetch streaming', zh: 'fetch 流' },
    about: {
      en: 'The same stream, read piece by piece; nothing of it is kept.',
      zh: '同一个流，到一段读一段，读过的不保留。',
    },
    script: `fetch('/stream').then(async function (response) {
  var reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    var { done, value } = await reader.read();
    if (done) return show('the stream has ended');
    show(value);
  }
});`,
  },
  {
    name: 'event-source',
    section: { en: 'event-stream', zh: '事件流' },
    title: { en: 'Server-sent events', zh: '服务器推送事件（SSE）' },
    about: {
      en: 'The browser reads the stream. When it ends, the browser asks again with the last id, and the numbers continue.',
      zh: '由浏览器读取。流结束后，浏览器带着最后的 id 再次请求，编号接着往下走。',
    },
    script: `var source = new EventSource('/evt');
source.onmessage = function (event) { show(event.lastEventId + ': ' + event.data); };
source.onerror = function () { show('asks again'); };`,
  },
  {
    name: 'iframe',
    section: { en: 'iframe-streaming', zh: 'iframe-流' },
    title: { en: 'Iframe streaming', zh: 'iframe 流' },
    about: {
      en: 'A hidden frame loads a document that does not end. Each message is a script that calls the page.',
      zh: '隐藏的框架加载一个不结束的文档，每条消息是一段调用页面函数的脚本。',
    },
    script: `function process(message) { show(message); }
var frame = document.createElement('iframe');
frame.style.display = 'none';
frame.src = '/htmlfile';
document.body.appendChild(frame);`,
  },
  {
    name: 'htmlfile',
    section: { en: 'htmlfile-streaming', zh: 'htmlfile-流' },
    title: { en: 'htmlfile (Internet Explorer)', zh: 'htmlfile（IE）' },
    about: {
      en: 'The same frame in a document that is in no window, so that no bar shows loading. Internet Explorer only.',
      zh: '同样的框架，放在不属于任何窗口的文档里，页面就不会一直显示“正在加载”。仅限 IE。',
    },
    variant: 'htmlfile',
    script: `var file = new ActiveXObject('htmlfile');
file.open();
file.write('<html><body></body></html>');
file.close();
file.parentWindow.callback = { process: function (message) { show(message); } };
var box = file.createElement('div');
file.body.appendChild(box);
box.innerHTML = '<iframe src="/htmlfile"></iframe>';`,
  },
  {
    name: 'cors',
    section: { en: 'short-polling', zh: '短轮询' },
    title: { en: 'Across origins: CORS', zh: '跨域：CORS' },
    about: {
      en: 'The server names the one origin that may read the answer (--origin). Other pages get an error.',
      zh: '服务器指明哪个来源可以读取回答（--origin），其他页面只会得到错误。',
    },
    script: `var xhr = new XMLHttpRequest();
xhr.open('GET', location.protocol + '//127.0.0.1:' + location.port + '/cors');
xhr.onload = function () { show(xhr.responseText); };
xhr.onerror = function () { show('This page may not read it: ' + location.origin); };
xhr.send();`,
  },
  {
    name: 'xdomainrequest',
    section: { en: 'xdomainrequest', zh: 'xdomainrequest' },
    title: { en: 'Across origins: XDomainRequest (Internet Explorer 8, 9)', zh: '跨域：XDomainRequest（IE 8、9）' },
    about: {
      en: 'What Internet Explorer had before CORS: no heads, no cookies, no status.',
      zh: 'IE 在 CORS 之前的办法：没有请求头，没有 Cookie，也没有状态码。',
    },
    script: `var xdr = new XDomainRequest();
xdr.open('GET', location.protocol + '//127.0.0.1:' + location.port + '/cors');
xdr.onload = function () { show(xdr.responseText); };
xdr.onerror = function () { show('This page may not read it.'); };
// Internet Explorer 9 drops requests that lack them.
xdr.onprogress = xdr.ontimeout = function () {};
xdr.send();`,
  },
  {
    name: 'jsonp',
    section: { en: 'jsonp', zh: 'jsonp' },
    title: { en: 'Across origins: JSONP', zh: '跨域：JSONP' },
    about: {
      en: 'A script tag may load from anywhere; the answer is a call of the function that the address names.',
      zh: 'script 标签可以从任何地方加载；回答就是对地址中所写函数的调用。',
    },
    script: `function poll() {
  var script = document.createElement('script');
  script.onload = function () { script.parentNode.removeChild(script); setTimeout(poll, 2000); };
  script.src = '/jsonp?cb=show';
  document.body.appendChild(script);
}
poll();`,
  },
  {
    name: 'websocket',
    section: { en: 'websocket', zh: 'websocket' },
    title: { en: 'WebSocket', zh: 'WebSocket' },
    about: {
      en: 'Two-way, text and binary. The server sends back what it gets.',
      zh: '双向，文本和二进制都可以。服务器把收到的原样发回。',
    },
    script: `var ws = new WebSocket('ws://' + location.host + '/echo', ['chat', 'superchat']);
ws.binaryType = 'arraybuffer';
ws.onopen = function () {
  show('open, subprotocol ' + ws.protocol);
  ws.send('hello');
  ws.send(new Uint8Array([1, 2, 3]));
};
ws.onmessage = function (event) {
  show(typeof event.data === 'string' ? event.data : 'bytes: ' + new Uint8Array(event.data).join(' '));
};
ws.onclose = function (event) { show('closed, code ' + event.code); };`,
  },
];

const SHOW = `function show(text) {
  var out = document.getElementById('out');
  out.appendChild(document.createTextNode(String(text).replace(/\\s+$/, '') + '\\n'));
}`;

/** Returns the page that runs an example, and its content security policy, which allows only the two scripts of the page. */
export function examplePage({ title, script }: Example): { readonly html: string; readonly policy: string } {
  const scripts = [SHOW, script];
  const hashes = scripts.map((each) => `'sha256-${createHash('sha256').update(each).digest('base64')}'`).join(' ');
  const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title.en}</title>
</head>
<body>
<pre id="out" aria-live="polite"></pre>
${scripts.map((each) => `<script>${each}</script>`).join('\n')}
</body>
</html>
`;
  const policy = `default-src 'none'; script-src 'self' ${hashes}; connect-src 'self' http: ws:; frame-src 'self'; frame-ancestors 'self'`;
  return { html, policy };
}

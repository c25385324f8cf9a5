#!/usr/bin/env node
/** `everywire` runs the server, `everywire chat [URL]` the chat on a terminal. */
const [name, url = 'http://localhost:8088', ...more] = process.argv.slice(2);

if (name === undefined) {
  await import('./main.js');
} else if (name === 'chat' && more.length === 0 && URL.canParse(url) && /^https?:/.test(url)) {
  const { runChat } = await import('./chat/run-chat.js');
  process.exit(await runChat(new URL(url).origin));
} else {
  process.stderr.write(
    'everywire              runs the server\neverywire chat [URL]   talks on a terminal, by default at http://localhost:8088\n',
  );
  process.exit(2);
}

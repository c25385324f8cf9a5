// One end of a calm conversation in a browser: says when each message came, and sends some of its own.
import { createWireClient } from '@everywire/client';

/** @returns milliseconds each message was on its way down, and those until the first came */
window.converse = ({ transport, upMs, downs }) =>
  new Promise((resolve, reject) => {
    const from = performance.now();
    const ways = [];
    let firstMs = null;
    let timer;
    const client = createWireClient('/everywire', { transports: [transport], storage: null });
    client.onmessage = ({ data }) => {
      const { at, no } = JSON.parse(data);
      firstMs ??= performance.now() - from;
      if (no > 0) ways.push(Date.now() - at);
      if (no === 0)
        timer = setInterval(() => client.send(JSON.stringify({ at: Date.now(), text: 'x'.repeat(80) })), upMs);
      if (no < downs) return;
      clearInterval(timer);
      resolve({ ways, firstMs, transport: client.transport });
    };
    client.onclose = () => reject(new Error(`${transport} closed`));
    client.onopen = () => client.send(JSON.stringify({ at: Date.now(), text: 'hello' }));
  });

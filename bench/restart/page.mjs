// Opens sessions in a browser, which a restart of the server ends.
import { createWireClient } from '@everywire/client';

window.openSession = ({ transport, token }) =>
  new Promise((resolve, reject) => {
    const client = createWireClient('/everywire', { transports: [transport], storage: null, token: () => token });
    client.onopen = () => resolve();
    client.onclose = () => reject(new Error(`${transport} closed: ${JSON.stringify(client.status)}`));
  });

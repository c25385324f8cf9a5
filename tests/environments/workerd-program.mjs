import { createWireClient } from '@everywire/client';
import { converseByAll } from './conversation.mjs';

const program = {
  async fetch(request) {
    const { url, transports } = await request.json();
    return Response.json(await converseByAll(createWireClient, url, transports));
  },
};

// biome-ignore lint/style/noDefaultExport: workerd starts the default export.
export default program;

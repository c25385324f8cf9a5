/** @returns the port it was given, on 127.0.0.1. */
export async function listen(server) {
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return server.address().port;
}

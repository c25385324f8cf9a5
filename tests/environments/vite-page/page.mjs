const worker = new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' });

globalThis.converseByAll = (transports) =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(transports);
  });

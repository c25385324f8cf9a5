/** The bytes of an answer before which Internet Explorer reports no progress. */
const PROGRESS_BYTES = 2_048;

/** The simulated class. */
interface StandIn {
  new (): object;
  /** Calls that Internet Explorer would refuse. A test expects none. */
  readonly offences: readonly string[];
  /** The addresses requested. */
  readonly asked: readonly string[];
}

/**
 * Simulates the `XDomainRequest` of Internet Explorer 8 and 9, which no modern browser has, for a page of this origin. It can
 * send GET and POST with text to an absolute address of the page's own scheme. It has no status, no headers and no cookies.
 * It reports nothing of an answer whose status is not 200 or that does not allow the origin, and no progress before 2 kB.
 */
export function createXDomainRequest(origin: string): StandIn {
  const offences: string[] = [];
  const asked: string[] = [];
  const refuse = (offence: string): never => {
    offences.push(offence);
    throw new Error(`XDomainRequest: ${offence}`);
  };
  return class {
    static readonly offences = offences;
    static readonly asked = asked;
    onload: (() => void) | null = null;
    onprogress: (() => void) | null = null;
    onerror: (() => void) | null = null;
    ontimeout: (() => void) | null = null;
    readonly contentType: string = '';
    readonly timeout: number = 0;
    #text = '';
    #method = '';
    #url = '';
    readonly #abort: AbortController = new AbortController();

    constructor() {
      // Setting what it lacks, such as `withCredentials`, is an error.
      Object.seal(this);
    }

    get responseText(): string {
      return this.#text;
    }

    open(method: string, url: string): void {
      if (method !== 'GET' && method !== 'POST') refuse(method);
      if (new URL(url).protocol !== new URL(origin).protocol) refuse(`the scheme of ${url}`);
      this.#method = method;
      this.#url = url;
      asked.push(url);
    }

    send(body: string): void {
      if (typeof body !== 'string') refuse('a body that is no text');
      if (!this.onload || !this.onprogress || !this.onerror || !this.ontimeout) refuse('a handler is missing');
      void this.#run(body);
    }

    abort(): void {
      this.#abort.abort();
    }

    async #run(body: string): Promise<void> {
      try {
        const response = await fetch(this.#url, {
          method: this.#method,
          // Sent as bytes it has no `Content-Type`, like those of Internet Explorer.
          body: this.#method === 'POST' ? new TextEncoder().encode(body) : null,
          headers: { origin },
          credentials: 'omit',
          signal: this.#abort.signal,
        });
        const allowed = response.headers.get('access-control-allow-origin');
        if (response.status !== 200 || (allowed !== '*' && allowed !== origin)) throw new Error('refused');
        await this.#read(response.body as ReadableStream<Uint8Array>);
      } catch {
        if (!this.#abort.signal.aborted) this.onerror?.();
        return;
      }
      if (!this.#abort.signal.aborted) this.onload?.();
    }

    async #read(body: ReadableStream<Uint8Array>): Promise<void> {
      const decoder = new TextDecoder();
      let bytes = 0;
      const reader = body.getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        bytes += part.value.length;
        this.#text += decoder.decode(part.value, { stream: true });
        if (bytes > PROGRESS_BYTES) this.onprogress?.();
      }
    }
  };
}

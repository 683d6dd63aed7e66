/** What a node of the API says of itself. */
export interface Identity {
  readonly node: string;
  readonly cluster: string;
}

/** An API that doesn't answer, or not with success, however often it is asked. */
export class ApiError extends Error {}

/** Client of an API behind balancers: questions are asked again, orders never, since an order may have been carried out without an answer. */
export class ApiClient {
  readonly #url: string;
  readonly #patience: number;
  readonly #tries: number;

  /** @param patience milliseconds for an answer @param tries how often a question is asked at most */
  constructor(url: string, { patience = 2000, tries = 3 } = {}) {
    this.#url = url;
    this.#patience = patience;
    this.#tries = tries;
  }

  /** Which node answers. @throws ApiError */
  async identity(): Promise<Identity> {
    return (await this.#ask("/identity")) as Identity;
  }

  /** Adds one to the counter of whatever node is asked. @throws ApiError; whether it was added isn't known then */
  async count(): Promise<number> {
    const { counter } = (await this.#once("/counter", "POST")) as { counter: number };
    return counter;
  }

  async #ask(path: string): Promise<unknown> {
    let failure: unknown;
    for (let tries = 0; tries < this.#tries; tries++) {
      try {
        return await this.#once(path, "GET");
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  async #once(path: string, method: string): Promise<unknown> {
    const signal = AbortSignal.timeout(this.#patience);
    try {
      const response = await fetch(`${this.#url}${path}`, { method, signal });
      if (response.ok) return await response.json();
      throw new Error(`status ${response.status}`);
    } catch (error) {
      throw new ApiError(`${method} ${path}: ${(error as Error).message}`, { cause: error });
    }
  }
}

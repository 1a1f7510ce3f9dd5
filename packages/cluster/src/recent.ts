/** What was made for the last few keys; the oldest goes when there are more. */
export class Recent<Value> {
  readonly #most: number
  readonly #values = new Map<string, Promise<Value>>()

  constructor(most: number) {
    this.#most = most
  }

  /** The value of a key, made once for all who ask while it is there; a failure is not kept. */
  get(key: string, make: () => Promise<Value>): Promise<Value> {
    const known = this.#values.get(key)
    this.#values.delete(key)
    const value = known ?? make()
    this.#values.set(key, value)
    value.catch(() => {
      if (this.#values.get(key) === value) this.#values.delete(key)
    })
    for (const [oldest] of this.#values) {
      if (this.#values.size <= this.#most) break
      this.#values.delete(oldest)
    }
    return value
  }

  forget(key: string): void {
    this.#values.delete(key)
  }
}

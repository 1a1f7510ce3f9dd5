/**
 * Lets `using` dispose of an object: its class gets a member Symbol.dispose, where the engine has that symbol, so that elsewhere none is
 * called "undefined". For constructors: a class that had it from the beginning is one that bundlers keep though nobody uses it.
 */
export function allowUsing(object: { dispose(): void }): void {
  const { dispose } = Symbol as { dispose?: symbol }
  if (dispose === undefined || dispose in object) return
  const value = function (this: { dispose(): void }): void {
    this.dispose()
  }
  Object.defineProperty(Object.getPrototypeOf(object), dispose, { value, writable: true, configurable: true })
}

/** What using something says that is disposed. */
export function disposed(member: string): Error {
  return new Error(`${member}: expected a network that is not disposed`)
}

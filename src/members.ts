interface Member {
  dispose(): void
  toString(): string
}

/**
 * Gives the class of an object two members that symbols name: Symbol.dispose, where the engine has it, so that elsewhere none is called
 * "undefined", for `using`; and what console.log shows in Node, Bun and Deno, which is String of it. For constructors: a class that had
 * them from the beginning is one that bundlers keep though nobody uses it.
 */
export function addSymbols(object: Member): void {
  const { dispose } = Symbol as { dispose?: symbol }
  const inspect = Symbol.for('nodejs.util.inspect.custom')
  const add = (symbol: symbol, value: (this: Member) => unknown): void => {
    if (symbol in object) return
    Object.defineProperty(Object.getPrototypeOf(object), symbol, {
      value,
      writable: true,
      configurable: true,
    })
  }
  add(inspect, function () {
    return String(this)
  })
  if (dispose !== undefined) {
    add(dispose, function () {
      this.dispose()
    })
  }
}

/** What using something says that is disposed. */
export function disposed(member: string): Error {
  return new Error(`${member}: expected a network that is not disposed`)
}

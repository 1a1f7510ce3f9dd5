/**
 * What no clone can be made of: structuredClone and postMessage, which would make an empty object of it without a word, refuse with a
 * DataCloneError what is a WeakSet inside. It has nothing else of one; made in some 0.05 µs.
 */
export const Uncloneable: new () => object = /* @__PURE__ */ makeUncloneable()

function makeUncloneable(): new () => object {
  class Base extends WeakSet {}
  Object.setPrototypeOf(Base.prototype, Object.prototype)
  return Base
}

interface Member {
  dispose(): void
  toString(): string
}

/**
 * Gives the class of an object members that symbols name: Symbol.dispose, where the engine has it, so that elsewhere none is called
 * "undefined", for `using`; what console.log shows in Node, Bun and Deno, which is String of it; and what V8 shows where it refuses to
 * clone it. For constructors: a class that had them from the beginning is one that bundlers keep though nobody uses it.
 *
 * @param name of the class, and what can be sent in its place, for the message of the DataCloneError
 */
export function addSymbols(object: Member, name?: string): void {
  const { dispose } = Symbol as { dispose?: symbol }
  const inspect = Symbol.for('nodejs.util.inspect.custom')
  const add = (symbol: symbol, value: unknown): void => {
    if (symbol in object) return
    Object.defineProperty(Object.getPrototypeOf(object), symbol, {
      value,
      writable: true,
      configurable: true,
    })
  }
  if (name !== undefined) add(Symbol.toStringTag, name)
  add(inspect, function (this: Member) {
    return String(this)
  })
  if (dispose !== undefined) {
    add(dispose, function (this: Member) {
      this.dispose()
    })
  }
}

/** What using something says that is disposed. */
export function disposed(member: string): Error {
  return new Error(`${member}: expected a network that is not disposed`)
}

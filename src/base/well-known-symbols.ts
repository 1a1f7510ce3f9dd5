/**
 * A base class that makes objects uncloneable: structuredClone and postMessage would silently turn them into empty
 * objects, but refuse anything that is internally a WeakSet with a DataCloneError. It has no other WeakSet
 * behaviour; construction takes about 0.05 µs.
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
 * Adds members named by symbols to an object's class: Symbol.dispose, for `using`, only where the runtime has it, so
 * that no member is called "undefined" elsewhere; the text that console.log shows in Node, Bun and Deno, which is
 * String of the object; and the name that V8 shows when it refuses to clone the object. To be called from
 * constructors: if the class had these members from the start, bundlers would keep it even when nobody uses it.
 *
 * @param name of the class, and what can be sent instead, for the message of the DataCloneError
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

/** The error for using something after it was disposed. */
export function disposed(member: string): Error {
  return new Error(`${member}: expected a network that is not disposed`)
}

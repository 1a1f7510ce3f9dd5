/// <reference lib="esnext.disposable" preserve="true" />

/**
 * Symbol.dispose, which `using` calls. An engine may lack it: the member is then called `dispose`, as the method is that a class
 * declares behind it, so that no member is called "undefined".
 */
export const disposeKey = ((Symbol as { dispose?: symbol }).dispose ?? 'dispose') as typeof Symbol.dispose

/** What using something says that is disposed. */
export function disposed(method: string, what = 'network'): Error {
  return new Error(`${method}: expected a ${what} that is not disposed`)
}

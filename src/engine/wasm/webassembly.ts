/* eslint-disable @typescript-eslint/no-empty-object-type, @typescript-eslint/no-namespace
   -- they merge with those of the DOM's library, if it is there */
declare global {
  /**
   * TypeScript declares these only in its DOM library. Our declaration files name them, and must compile in projects
   * without it.
   */
  namespace WebAssembly {
    interface Memory {}
    interface Module {}
  }
}

/** The compiled module of deltaprop/core.wasm, or of deltaprop/core.relaxed.wasm. */
export type CoreModule = WebAssembly.Module

/* eslint-disable @typescript-eslint/no-empty-object-type, @typescript-eslint/no-namespace -- they merge with those of the DOM's library, if it is there */
declare global {
  /** TypeScript has these in its library of the DOM alone: projects without it have declarations of ours that name them all the same. */
  namespace WebAssembly {
    interface Memory {}
    interface Module {}
  }
}

/** The compiled module of deltaprop/core.wasm, or of deltaprop/core.relaxed.wasm. */
export type CoreModule = WebAssembly.Module

/** What the suite has found in one place. */
export interface Report {
  /** of a network that asks for none; undefined: none could be made */
  readonly engine: string | undefined
  /** the checks that did not hold, with their stacks */
  readonly failures: readonly string[]
  /** what the library has said on the console meanwhile */
  readonly warnings: readonly string[]
  /** by golden case and precision: the hash of the weights after 100 steps on the calling thread */
  readonly weights: Readonly<Record<string, string>>
  /** the same with so many threads, and how many workers have answered */
  readonly threads: Readonly<
    Record<string, { readonly weights: Readonly<Record<string, string>>; readonly workers: number }>
  >
  /** the same of the engine 'baseline', which has bits of its own */
  readonly baseline: Readonly<Record<string, string>>
  /** where there must be no core: what is said to whoever asks for one */
  readonly refused?: string
  /** a hash of what a trained network predicts */
  readonly predictions: string | undefined
  /** by the models of other tools: hashes of the file that is made of each, and of what it answers with each engine */
  readonly models: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** what relaxed arithmetic came to; 'none' where the engine has none */
  readonly relaxed: string | undefined
  /** what pages have shown that run the programs of docs/interop.md, by their names; where they have run */
  readonly shown?: Readonly<Record<string, string>>
  /** from before the import to after the first step of training, in milliseconds; where it has been measured */
  readonly firstStepMs?: number
}

/** A place where the suite runs, or should. */
export interface Cell {
  /** of runtimes, bundlers, browsers: Node, Vite, Firefox … */
  readonly name: string
  readonly version: string
  /** how it is imported there */
  readonly how: string
  /** whether threads share a memory there; 'one' where workers are there, and cannot share; 'none' where there are none */
  readonly threads: 'shared' | 'one' | 'none'
  /** why there can be no core there, as errors say it: the baseline computes; undefined: the core does */
  readonly lack?: string
  /** of the smallest app that trains a network, as the bundler makes it, minified and gzipped, less a framework's own; where it is measured */
  readonly bundleBytes?: number
  readonly outcome:
    | { readonly report: Report }
    /** it ran, and came to no report */
    | { readonly failed: string }
    /** it cannot be had on this machine, and says nothing about the package */
    | { readonly missing: string }
}

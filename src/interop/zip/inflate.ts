/** A file of its own in dist/, too: fflate has tables, which bundlers keep in every program that takes a file they are in. */
export { Inflate } from 'fflate'

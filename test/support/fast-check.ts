/** fast-check that tries the same in every run, as a gate must; other things with `SEED=random`, or another number. */
import fc from 'fast-check'

const { SEED = '1' } = process.env
if (SEED !== 'random') fc.configureGlobal({ seed: Number(SEED) })

export { type Arbitrary } from 'fast-check'
export default fc

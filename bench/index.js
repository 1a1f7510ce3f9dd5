// @ts-check
/**
 * All questions, one after the other; writes the answers to bench/results, or to build/bench if they are quick ones.
 *
 *     npm run bench [-- --quick]
 */
import { measureCurves } from './curves.js'
import { isQuick } from './measure.js'
import { predict } from './predict.js'
import { describeEnvironment, environment, nameOf, save, toJSON } from './report/results.js'
import { report } from './report/report.js'
import { startup } from './startup.js'
import { measureThreads } from './threads.js'
import { train } from './train.js'

const here = environment()
console.log(describeEnvironment(here))
console.log(
  isQuick
    ? 'Quick: one run of each, to see that all works; the numbers are rough'
    : 'Medians ± half the quartile range; the contenders take turns',
)
const results = {
  ...here,
  train: await train(),
  predict: await predict(),
  curves: await measureCurves(),
  threads: await measureThreads(),
  startup: await startup(),
}
save(`${nameOf(here)}.json`, toJSON(results))
report()

// @ts-check
/**
 * Statements that come to `firstStepMs`: from before the package is imported until a network of it has been made and trained for one step.
 *
 * @param {string} load an expression for what the package exports
 */
export const firstStep = (load) => `
const start = performance.now()
const { Network, sgd } = ${load}
new Network([2, 3, 1]).train([1, 2], [1], sgd())
const firstStepMs = performance.now() - start
`

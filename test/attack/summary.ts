/** A reporter that counts what was tried: see attack.ts. */
import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** Prints a line for each attack, and what all come to. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const attacks = modules
      .flatMap(({ children }) => Array.from(children.allTests()))
      .filter((test) => test.meta().promise !== undefined)
    const rows = attacks.map((test) => [
      test.result().state,
      (test.meta().tried ?? 0).toLocaleString('en'),
      nameOf(test),
    ])
    const tried = attacks.reduce((sum, test) => sum + (test.meta().tried ?? 0), 0)
    const failed = attacks.filter((test) => test.result().state !== 'passed').length
    rows.push([
      failed === 0 ? 'all' : `${failed} not`,
      tried.toLocaleString('en'),
      `${attacks.length} attacks`,
    ])
    console.log(
      `\n${rows.map(([state, count, name]) => `${state.padEnd(8)}${count.padStart(9)}  ${name}`).join('\n')}\n`,
    )
  }
}

function nameOf(test: TestCase): string {
  return test.fullName
}

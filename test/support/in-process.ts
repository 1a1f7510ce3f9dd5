/** `deltaprop` in the process of the tests, which costs less than one of its own. */
import { Readable } from 'node:stream'
import { vi } from 'vitest'
import { main } from '../../src/cli/program.js'
import type { Outcome } from './command.js'

/** Runs a command line, with nothing else that writes to standard output and error meanwhile. */
export async function inProcess(args: readonly string[], input = ''): Promise<Outcome> {
  let [stdout, stderr] = ['', '']
  const collect =
    (add: (text: string) => void) =>
    (text: string | Uint8Array): boolean => {
      add(String(text))
      return true
    }
  const stdin: unknown = Readable.from(input === '' ? [] : [Buffer.from(input)])
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(collect((text) => (stdout += text))),
    vi.spyOn(process.stderr, 'write').mockImplementation(collect((text) => (stderr += text))),
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(stdin as never),
  ]
  try {
    return { code: await main(args), stdout, stderr }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

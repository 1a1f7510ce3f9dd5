/** Options of a command as they were typed, which is how files keep them: what reads command lines checks them. */
import type { Command } from 'commander'

/** Returns a function that lists the options given: `--target=species`, in the order in which the command has them. */
export function recordOptions(command: Command): () => string[] {
  const given = new Map<string, string[]>()
  for (const option of command.options) {
    const name = option.name()
    // An option that adds to what it has been given before is one that is repeated; of others, the last one counts.
    const isRepeated = name === 'try'
    command.on(`option:${name}`, (text: string) => {
      given.set(name, [...(isRepeated ? (given.get(name) ?? []) : []), text])
    })
  }
  return () =>
    command.options.flatMap((option) =>
      (given.get(option.name()) ?? []).map((text) => `--${option.name()}=${text}`),
    )
}

/** Without those of these names. */
export function optionsWithout(options: readonly string[], names: readonly string[]): string[] {
  return options.filter((option) => !names.includes(split(option)[0]))
}

/** As separate words, as people type them: `--target`, `species`. */
export function asWords(options: readonly string[]): string[] {
  return options.flatMap((option) => {
    const [name, text] = split(option)
    return text.startsWith('-') ? [option] : [`--${name}`, text]
  })
}

function split(option: string): [name: string, text: string] {
  const equals = option.indexOf('=')
  return [option.slice(2, equals), option.slice(equals + 1)]
}

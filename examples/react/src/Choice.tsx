import { useId } from 'react'

interface Props<T extends string> {
  readonly legend: string
  readonly names: readonly T[]
  readonly value: T
  readonly onChange: (value: T) => void
}

/** One of a few names. */
export function Choice<T extends string>({ legend, names, value, onChange }: Props<T>) {
  const group = useId()
  return (
    <fieldset>
      <legend>{legend}</legend>
      {names.map((name) => (
        <label key={name}>
          <input type="radio" name={group} checked={value === name} onChange={() => onChange(name)} />
          {name}
        </label>
      ))}
    </fieldset>
  )
}

import { Network, type ShortOptions } from 'deltaprop'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { nothing, Session, type Progress } from './session.js'

/**
 * A network that lives as long as the component: made when it is mounted, made anew when sizes or options change, and disposed of,
 * with the training that is running, when it is unmounted.
 *
 * @param sizes inputs, units of the hidden layers, outputs
 * @param options as of Network; compared by what they say, so they may be written where the hook is called
 * @returns the session, undefined in the first render, which may be thrown away; and how far its training is: the component
 *   renders again when that changes, at most once a frame
 */
export function useNetwork(
  sizes: readonly number[],
  options: ShortOptions = {},
): [session: Session | undefined, progress: Progress] {
  const [session, setSession] = useState<Session>()
  const spec = JSON.stringify({ sizes, options })
  useEffect(() => {
    const made = create(spec)
    setSession(made)
    return () => made.dispose()
  }, [spec])
  const progress = useSyncExternalStore(session?.subscribe ?? never, session?.progress ?? none)
  return [session, progress]
}

function create(spec: string): Session {
  const { sizes, options } = JSON.parse(spec) as { sizes: number[]; options: ShortOptions }
  return new Session(new Network(sizes, options))
}

const never = (): (() => void) => () => undefined
const none = (): Progress => nothing

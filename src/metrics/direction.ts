/** Whether a higher or a lower value of a metric is better, for use in a search. */
export type Direction = 'more' | 'less'

/** The direction of each metric that is a single number. */
export type Directions<Metrics> = {
  readonly [Name in keyof Metrics as Metrics[Name] extends number ? Name : never]: Direction
}

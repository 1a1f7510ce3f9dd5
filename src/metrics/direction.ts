/** Whether more of a metric is better, or less: what a search goes by. */
export type Direction = 'more' | 'less'

/** The direction of each metric that is one number. */
export type Directions<Metrics> = {
  readonly [Name in keyof Metrics as Metrics[Name] extends number ? Name : never]: Direction
}

import type { Image } from './image.ts'

/** A box of a season, with its disk: it may die at any call and start again from any copy. `Done` is how starting and dying end. */
export interface Machine<Done> {
  /** Up, and not just crashed. */
  readonly isUp: () => boolean
  readonly start: () => Done
  /** As by kill -9: everything in memory is gone, its lines too; the file stays as it was, or as the power left it. */
  readonly kill: () => Done
  /** Lets the power go at the k-th call from now on, of crypto alone or of every port. */
  readonly crashAfter: (calls: number, ports?: 'crypto' | 'every') => void
  /** Calls of its ports so far. */
  readonly calls: () => number
  /** Whatever was to go off does not. */
  readonly steady: () => void
  /** The power went and nobody has cleared up yet: `kill` does. */
  readonly crashed: () => boolean
  readonly image: () => Image
  readonly put: (image: Image) => void
}

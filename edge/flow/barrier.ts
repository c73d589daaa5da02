import type { InputsTold } from '../readers/uhf/state.ts'
import type { BarrierSetting, DoorSetting } from '../settings.ts'
import type { FlowParts } from './house.ts'

/** Inputs of a reader on which light barriers of any door hang, ascending. */
export const inputsWanted = (doors: readonly DoorSetting[], reader: string): readonly number[] =>
  doors.flatMap(({ lightBarrier: one }) => (one?.reader === reader ? [one.input] : [])).toSorted((one, other) => one - other)

/**
 * What a reader tells of its inputs becomes moments at which the barrier of a door was broken: one at every look, for as long as something stands
 * in it, because a cart takes longer to pass than its front edge.
 */
export const openBarrier = (
  { log }: Pick<FlowParts, 'log'>,
  { reader, input, active }: BarrierSetting,
  broken: (monotonic: number) => void,
): ((told: InputsTold) => void) => {
  let sinceMs: number | null = null
  return (told) => {
    const isHigh = told.levels[input]
    if (told.reader !== reader || isHigh === undefined) return
    if (isHigh !== (active === 'high')) {
      sinceMs = null
      return
    }
    sinceMs ??= told.monotonic
    const standsMs = told.monotonic - sinceMs
    if (standsMs < BLOCKED_MS) return broken(told.monotonic)
    if (standsMs === Number.POSITIVE_INFINITY) return
    log.warn(
      { reader, input },
      'the light barrier is broken without end: something stands in it, or it is misaligned; it is not counted until it is free',
    )
    sinceMs = Number.NEGATIVE_INFINITY
  }
}

/** Nobody stands in a doorway for so long. */
const BLOCKED_MS = 60_000

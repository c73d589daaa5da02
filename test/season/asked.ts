import { FAULT_NAMES, type FaultName } from './faults.ts'
import type { SeasonSettings } from './season.ts'

/** Words of a command line that make a season. */
export interface Asked {
  readonly seed?: string | undefined
  readonly movements?: string | undefined
  readonly nodes?: string | undefined
  /** `drawn` (by the seed), `all`, or names with commas between them. */
  readonly faults?: string | undefined
  readonly openings?: boolean | undefined
}

/** Reads one season's settings; throws on the name of a fault that is none. */
export const seasonOf = ({ seed = '1', movements = '200', nodes, faults = 'drawn', openings = false }: Asked): SeasonSettings => ({
  seed: Number(seed),
  acts: Number(movements),
  ...(openings ? { openings } : {}),
  ...(nodes === undefined ? {} : { nodes: Number(nodes) }),
  ...(faults === 'drawn' ? {} : { faults: faults === 'all' ? FAULT_NAMES : faults.split(',').map(nameOf) }),
})

const nameOf = (text: string): FaultName => {
  const name = FAULT_NAMES.find((one) => one === text)
  if (name === undefined) throw new TypeError(`no fault is called ${text}; there are ${FAULT_NAMES.join(', ')}`)
  return name
}

/** A sighting as the plain rule needs it. */
export interface Heard {
  readonly at: number
  readonly side: 'inside' | 'outside'
  readonly rssiDbm: number | null
}

/**
 * The plain rule other gates decide by, one session of a tag at a time: both sides at least twice, and the middles of the two sides'
 * readings in time, louder ones counting more, more than 250 ms apart. Answers what it says of all of a tag's sessions, as `in,out`, or
 * `none`.
 */
export const centroidRule = (heard: readonly Heard[]): string => {
  const said: string[] = []
  let session: Heard[] = []
  const close = (): void => {
    const direction = directionOf(session)
    if (direction) said.push(direction)
    session = []
  }
  for (const one of heard) {
    if (one.at - (session.at(-1)?.at ?? one.at) > DEPARTURE_MS) close()
    session.push(one)
  }
  close()
  return said.join(',') || 'none'
}

/** As the usual baseline has it: a tag unheard for so long has left. */
const DEPARTURE_MS = 2_500
const GAP_MS = 250
const READS_MIN = 2

const directionOf = (session: readonly Heard[]): 'in' | 'out' | 'uncertain' | null => {
  const inside = session.filter(({ side }) => side === 'inside')
  const outside = session.filter(({ side }) => side === 'outside')
  // One side alone says nothing of a crossing.
  if (inside.length === 0 || outside.length === 0) return null
  if (inside.length < READS_MIN || outside.length < READS_MIN) return 'uncertain'
  const gapMs = centroidOf(inside) - centroidOf(outside)
  if (Math.abs(gapMs) <= GAP_MS) return 'uncertain'
  return gapMs > 0 ? 'in' : 'out'
}

const centroidOf = (heard: readonly Heard[]): number => {
  const from = heard[0]?.at ?? 0
  let weight = 0
  let moment = 0
  for (const { at, rssiDbm } of heard) {
    const share = 10 ** (((rssiDbm ?? -60) + 60) / 20)
    weight += share
    moment += share * (at - from)
  }
  return from + moment / weight
}

import type { Portal, Sighting } from '@lotkeeper/edge/portal/portal.ts'
import type { Passage } from '@lotkeeper/edge/portal/verdict.ts'

/** What readers heard of a scene, as the published set has it. */
export interface HeardScene {
  readonly antennas: Readonly<Record<string, 'inside' | 'outside'>>
  readonly reads: readonly (readonly [tMs: number, epc: string, antenna: number, rssiDbm: number | null, phaseDeg: number | null])[]
}

/** The sightings of a scene. */
export const sightingsOf = ({ antennas, reads }: HeardScene): readonly Sighting[] =>
  reads.map(([at, epc, antenna, rssiDbm, phaseDeg]) => {
    return { at, epc, antenna: String(antenna), side: antennas[antenna] ?? 'inside', rssiDbm, phaseDeg }
  })

/** What a door tells of sightings, its clock ticking while nobody is heard, until it is silent; each into `told` as soon as it is. */
export const playAt = (portal: Portal, sightings: readonly Sighting[], told: Passage[] = []): readonly Passage[] => {
  let nowMs = 0
  for (const sighting of sightings) {
    for (; nowMs + TICK_MS < sighting.at; nowMs += TICK_MS) told.push(...portal.tick(nowMs + TICK_MS))
    told.push(...portal.see(sighting))
  }
  for (let left = TICK_MS; left <= SILENCE_MS; left += TICK_MS) told.push(...portal.tick(nowMs + left))
  return told
}

/** Of each tag what was told, in order of time: `in,out`. */
export const saidOf = (passages: readonly Passage[]): ReadonlyMap<string, string> => {
  const said = new Map<string, string>()
  for (const { epc, direction } of passages) said.set(epc, said.has(epc) ? `${said.get(epc)},${direction}` : direction)
  return said
}

const TICK_MS = 250
/** Longer than anything waits. */
const SILENCE_MS = 20_000

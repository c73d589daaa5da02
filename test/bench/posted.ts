import type { TagTruth } from '@lotkeeper/deploy/simulators/doorway/scenario.ts'
import { roomPlace } from '@lotkeeper/protocol/names.ts'
import { type Door, planCrossing, type TagStanding } from '@lotkeeper/protocol/rules/crossing.ts'

/**
 * What a node posts of what a door told of one tag, as `in,out` in order of time, `none`, or with `uncertain` where the keeper is asked: the door joins
 * two rooms, and the book has the tag where it was. A crossing into the room where the book has it already moves nothing.
 */
export const postedOf = (told: string, from: TagTruth['from']): string => {
  let place = roomPlace(NODE, from === 'inside' ? INSIDE : BEYOND, 'available')
  const posted: string[] = []
  for (const direction of told === 'none' ? [] : (told.split(',') as readonly ('in' | 'out' | 'uncertain')[])) {
    const plan = planCrossing(DOOR, { direction, epc: EPC, atMs: 0 }, { ...STANDING, place }, [])
    if (plan.is === 'book') {
      place = plan.to
      posted.push(direction)
    } else if (plan.outcome !== 'confirmed') posted.push('uncertain')
  }
  return posted.join(',') || 'none'
}

const [NODE, INSIDE, BEYOND, EPC] = ['bench', 'main', 'clinic', '30340000000000000000E001']
const DOOR: Door = { door: 'door-1', node: NODE, inside: INSIDE, beyond: { room: BEYOND } }
const STANDING: Omit<TagStanding, 'place'> = { lot: 'gauze/B1', units: 1, site: NODE, doc: null, retired: false }

import { surveyLosses } from '../losses.ts'
import type { World } from '../world.ts'
import type { Fault } from './fault.ts'

/** The hub's machine is lost and comes back from a copy taken earlier in the season: with fewer entries, certificates and memories. */
export const BACKUP = {
  'hub-restored': {
    rate: 0.004,
    most: 1,
    strike: async (world) => {
      const { hub, album } = world
      const image = album.get('hub')?.[0]
      if (!image) return false
      if (hub.isUp() || hub.crashed()) await hub.kill()
      forgets(world, hub.copy().text())
      hub.put(image)
      await hub.start()
      await surveyLosses(world, null)
      return true
    },
  },
} as const satisfies Record<string, Fault>

/** From here on the hub knows only what an old copy knew, nodes still hold, and its second copy has. */
export const forgets = ({ records, nodes }: World, copied: string): void => {
  records.hubForgets(copied)
  records.forgetExpected()
  records.allow('hub-restored', '*')
  for (const { node } of nodes) records.allow('key-unknown', node)
}

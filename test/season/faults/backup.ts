import { surveyLosses } from '../losses.ts'
import type { Fault } from './fault.ts'

/** The hub's machine is lost and comes back from a copy taken earlier in the season: with fewer entries, certificates and memories. */
export const BACKUP = {
  'hub-restored': {
    rate: 0.004,
    most: 1,
    strike: async (world) => {
      const { hub, album, records, nodes } = world
      const image = album.get('hub')?.[0]
      if (!image) return false
      if (hub.isUp()) await hub.kill()
      hub.put(image)
      await hub.start()
      records.forgetExpected()
      records.allow('hub-restored', '*')
      for (const { node } of nodes) for (const kind of ['key-unknown', 'hub-restored']) records.allow(kind, node)
      await surveyLosses(world, null)
      return true
    },
  },
} as const satisfies Record<string, Fault>

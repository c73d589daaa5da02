import { forgets } from './backup.ts'
import type { Fault } from './fault.ts'

/** A copy of the hub is started while the hub it was made of runs on at another address, and nodes are told of both. Healing switches the older off. */
export const TWO_HUBS = {
  'two-hubs': {
    rate: 0.004,
    most: 1,
    strike: async (world) => {
      const { hub, album, nodes, copies, time, records } = world
      const image = album.get('hub')?.[0]
      if (!image || !hub.isUp() || hub.former() || (await hub.ledger().storage()).state === 'full') return false
      await hub.stepAside()
      for (const machine of [...nodes, ...copies].filter((run) => run.isUp())) {
        machine.kill()
        machine.start()
      }
      await time.runFor(NODES_SPEAK_MS)
      forgets(world, '')
      for (const { node } of nodes) records.allow('two-hubs', node)
      await hub.startBeside(image)
      return true
    },
  },
} as const satisfies Record<string, Fault>

const NODES_SPEAK_MS = 2_000

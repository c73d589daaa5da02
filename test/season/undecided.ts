import type { Network } from '@lotkeeper/deploy/simulators/network.ts'
import { HUB, type NodeId } from '@lotkeeper/protocol/names.ts'

/** What nodes said and the hub people turn to has not decided on yet: all that comes while its disk has no room, for up to a second longer. */
export interface Undecided {
  /** The network, with what it brings the hub counted on its way in. */
  readonly network: Network
  readonly of: (node: NodeId) => boolean
}

export const openUndecided = (network: Network): Undecided => {
  let waiting = new Map<NodeId, number>()
  return {
    network: {
      ...network,
      openBroker: (events, at = HUB) => {
        if (at !== HUB) return network.openBroker(events, at)
        // What waited died with the hub that was there before.
        const ours = new Map<NodeId, number>()
        waiting = ours
        const count = (node: NodeId, by: number) => void ours.set(node, (ours.get(node) ?? 0) + by)
        const log: typeof events.log = (node, payload) => {
          const decided = events.log(node, payload)
          count(node, 1)
          void decided.then(() => count(node, -1))
          return decided
        }
        return network.openBroker({ ...events, log }, at)
      },
    },
    of: (node) => (waiting.get(node) ?? 0) > 0,
  }
}

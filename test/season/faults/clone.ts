import type { Fault } from './fault.ts'

/** A card copied into a second machine: both write under one name, from one head on. Healing tells them apart and retires the copy. */
export const CLONE = {
  clone: {
    rate: 0.006,
    most: 1,
    strike: ({ pick, nodes, copies, openMachine, records, note }) => {
      const machine = pick(nodes.filter((run) => run.isUp() && !copies.some(({ node }) => node === run.node)))
      if (!machine) return false
      const copy = openMachine(machine.node, `${machine.machine}-copy-${copies.length + 1}`)
      copy.takeKey(machine.keyName())
      for (const signed of machine.credentials()) copy.certified(signed)
      copy.put(machine.image())
      copy.start()
      copies.push(copy)
      note('cards copied')
      for (const kind of ['clone', 'lost-tail', 'room-negative', 'reversed-twice', 'act-twice']) records.allow(kind, machine.node)
      return true
    },
  },
} as const satisfies Record<string, Fault>

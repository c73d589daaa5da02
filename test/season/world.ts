import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import { openNetwork } from '@lotkeeper/deploy/simulators/network.ts'
import { openVirtualTime } from '@lotkeeper/deploy/simulators/time.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { type HubRun, openHubRun } from './hub.ts'
import type { Image } from './image.ts'
import { type NodeRun, openNodeRun } from './node.ts'
import { openRecords, type Records } from './records.ts'
import { openUndecided, type Undecided } from './undecided.ts'

/** A county in one process: what the acts, the faults and the checks of a season share. */
export interface World {
  readonly seed: number
  readonly time: ReturnType<typeof openVirtualTime>
  readonly network: ReturnType<typeof openNetwork>
  readonly hub: HubRun
  /** Whether something a node said waits for room on the hub's disk. */
  readonly undecided: Undecided['of']
  /** One machine per node. */
  readonly nodes: readonly NodeRun[]
  /** Machines that run under the name of another: copied cards. */
  readonly copies: NodeRun[]
  /** Evenly in [0, 1); follows from the seed and the order of asking. */
  readonly draw: () => number
  readonly pick: <One>(from: readonly One[]) => One | undefined
  readonly note: (name: string, by?: number) => void
  readonly records: Records
  readonly openMachine: (node: NodeId, machine: string) => NodeRun
  /** Enrols a machine's present key; `null` while the hub cannot. */
  readonly enrol: (machine: NodeRun, older: readonly string[]) => Promise<boolean>
  readonly counts: Record<string, number>
  /** Undoes what a fault did after so many acts, or when the season heals. */
  readonly later: (acts: number, undo: () => void | Promise<void>) => void
  /** One act has passed, or `all` of them: runs what is due of that. */
  readonly undo: (all: boolean) => Promise<void>
  /** Nodes that stay down until the season heals. */
  readonly gone: Set<NodeId>
  /** Copies of databases taken now and then, by machine; the oldest first. */
  readonly album: Map<string, Image[]>
  /** Keys that were revoked, and whose they were. */
  readonly oldKeys: { readonly node: NodeId; readonly key: ReturnType<NodeRun['key']> }[]
}

export const openWorld = (folder: string, seed: number, nodes: number): World => {
  const time = openVirtualTime(Date.parse('2026-11-22T00:00:00.000Z'))
  const { network, of: undecided } = openUndecided(openNetwork(seed, time))
  const hub = openHubRun(folder, seed, time, network)
  const counts: Record<string, number> = {}
  const note = (name: string, by = 1) => {
    counts[name] = (counts[name] ?? 0) + by
  }
  let drawn = 0
  const draw = () => {
    drawn += 1
    return chance(seed, 77, drawn)
  }
  const openMachine = (node: NodeId, machine: string) =>
    openNodeRun({ folder, node, machine, seed, time, network, hub, news: (news) => note(`node ${news.is}`) })
  return {
    seed,
    time,
    network,
    hub,
    undecided,
    nodes: Array.from({ length: nodes }, (_, at) => openMachine(nodeName(at), nodeName(at))),
    copies: [],
    draw,
    pick: (from) => from[Math.floor(draw() * from.length)],
    note,
    records: openRecords(),
    openMachine,
    enrol: async (machine, older) => {
      const ask = () => hub.enrol(machine.node, machine.key().publicKey, older)
      let signed = await ask()
      // Whoever enrols and hears no answer asks again: the first time may count or not.
      if (!signed && hub.crashed()) {
        await hub.kill()
        await hub.start()
        signed = await ask()
      }
      if (signed) machine.certified(signed)
      return signed !== null
    },
    counts,
    ...openUndos(),
    gone: new Set(),
    album: new Map(),
    oldKeys: [],
  }
}

const openUndos = (): Pick<World, 'later' | 'undo'> => {
  let passed = 0
  let waiting: { readonly at: number; readonly undo: () => void | Promise<void> }[] = []
  return {
    later: (acts, undo) => void waiting.push({ at: passed + acts, undo }),
    undo: async (all) => {
      passed += 1
      const due = waiting.filter(({ at }) => all || at <= passed)
      waiting = waiting.filter((one) => !due.includes(one))
      for (const { undo } of due) await undo()
    },
  }
}

const nodeName = (at: number): NodeId => `town-${String.fromCharCode(97 + at)}`

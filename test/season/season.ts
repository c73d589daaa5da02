import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import { CALM, openNetwork, STORM, type Weather } from '@lotkeeper/deploy/simulators/network.ts'
import { openVirtualTime } from '@lotkeeper/deploy/simulators/time.ts'
import { openBusiness } from './business.ts'
import { type HubRun, openHubRun } from './hub.ts'
import { invariantsOf } from './invariants.ts'
import { type NodeRun, openNodeRun } from './node.ts'

/** What one season is: everything else follows from the seed. */
export interface SeasonSettings {
  readonly seed: number
  readonly nodes: number
  /** Acts of people and doors, over all nodes. */
  readonly acts: number
}

/** What a season came to; two runs of one seed agree in every count. */
export interface Season {
  readonly counts: Readonly<Record<string, number>>
  /** What must hold and does not; empty is what we want. */
  readonly broken: readonly string[]
}

/** Runs one county for a season under faults, lets it heal, and checks that nothing was lost, doubled or bent. */
export const runSeason = async ({ seed, nodes: count, acts }: SeasonSettings): Promise<Season> => {
  const folder = mkdtempSync(join(tmpdir(), 'season-'))
  const time = openVirtualTime(Date.parse('2026-11-22T00:00:00.000Z'))
  const network = openNetwork(seed, time)
  let drawn = 0
  const draw = () => {
    drawn += 1
    return chance(seed, 77, drawn)
  }
  try {
    const hub: HubRun = openHubRun(folder, seed, time, network)
    await hub.start()
    const nodes: NodeRun[] = []
    for (let at = 0; at < count; at += 1) {
      const node = openNodeRun(folder, `town-${String.fromCharCode(97 + at)}`, seed * 100 + at, time, network, hub)
      await hub.enrol(node)
      node.start()
      nodes.push(node)
    }
    const business = openBusiness(hub, nodes, draw)
    await business.prepare()
    await time.runFor(3_000)
    const weather: Weather = {
      ...STORM,
      broken: draw() * STORM.broken,
      doubled: draw() * STORM.doubled,
      overtaken: draw() * STORM.overtaken,
    }
    network.weather(weather)
    const counts: Record<string, number> = { hubKills: 0, nodeKills: 0, partitions: 0 }
    const note = (name: string) => {
      counts[name] = (counts[name] ?? 0) + 1
    }
    for (let act = 0; act < acts; act += 1) {
      await disturb({ hub, nodes, network, draw, note })
      const node = nodes[Math.floor(draw() * nodes.length)]
      if (node) note(await business.act(node))
      await time.runFor(Math.floor(draw() * 400))
    }
    await heal(hub, nodes, network)
    await time.runFor(60_000)
    const broken = await invariantsOf(hub, nodes)
    const entries = nodes.reduce((sum, node) => sum + node.entries(), 0)
    return { counts: { ...counts, ...network.counts(), entries, hubEntries: hub.entries() }, broken }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface World {
  readonly hub: HubRun
  readonly nodes: readonly NodeRun[]
  readonly network: ReturnType<typeof openNetwork>
  readonly draw: () => number
  readonly note: (name: string) => void
}

/** Once in a while the world breaks: a process dies, a township is cut off, or it comes back. */
const disturb = async ({ hub, nodes, network, draw, note }: World): Promise<void> => {
  const luck = draw()
  const node = nodes[Math.floor(draw() * nodes.length)]
  if (luck < 0.01) {
    await hub.kill()
    note('hubKills')
  } else if (luck < 0.04 && !hub.isUp()) await hub.start()
  else if (luck < 0.055 && node) {
    node.kill()
    node.start()
    note('nodeKills')
  } else if (luck < 0.07 && node) {
    network.partition(node.node, true)
    note('partitions')
  } else if (luck < 0.11 && node) network.partition(node.node, false)
}

const heal = async (hub: HubRun, nodes: readonly NodeRun[], network: ReturnType<typeof openNetwork>): Promise<void> => {
  network.weather(CALM)
  if (!hub.isUp()) await hub.start()
  for (const node of nodes) network.partition(node.node, false)
}

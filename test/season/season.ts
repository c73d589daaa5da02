import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import { CALM } from '@lotkeeper/deploy/simulators/network.ts'
import { actOnce, prepare, type Scripted } from './business.ts'
import type { Fault } from './faults/fault.ts'
import { forgetLater } from './faults/versions.ts'
import { FAULT_NAMES, FAULTS, type FaultName } from './faults.ts'
import { heal } from './heal.ts'
import { invariantsOf } from './invariants.ts'
import { openWorld, type World } from './world.ts'

/** What one season is: everything else follows from the seed. */
export interface SeasonSettings {
  readonly seed: number
  readonly nodes?: number
  /** Acts of people, over all nodes and the hub. */
  readonly acts: number
  /** Faults that are on, each striking once at least; left out: the seed turns a random subset on. */
  readonly faults?: readonly FaultName[]
  /** What people do, act by act; left out: the seed draws it. */
  readonly script?: readonly Scripted[]
  /** The county also tells sites to take over the stock of old systems; without it every seed draws what it always did. */
  readonly openings?: boolean
  /** Keepers also change labels, at every third act; without it every seed draws what it always did. */
  readonly labels?: boolean
  /** The power of one machine goes at this call of a port, counted from the first act on. */
  readonly cut?: { readonly machine: string; readonly call: number }
}

/** What a season came to; two runs of one seed agree in every count. */
export interface Season {
  readonly counts: Readonly<Record<string, number>>
  /** What must hold and does not; empty is what we want. */
  readonly broken: readonly string[]
}

/** Runs one county for a season under faults, lets it heal, and checks that nothing was lost, doubled or bent. */
export const runSeason = async (settings: SeasonSettings): Promise<Season> => {
  const { seed, acts } = settings
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'season-'))
  const world = openWorld(folder, seed, settings.nodes ?? 2 + Math.floor(3 * chance(seed, 3)))
  try {
    await begin(world)
    const drawn = drawnFaults(seed, settings.faults ?? null)
    world.network.weather(Object.assign({}, CALM, ...drawn.map(({ fault, strength }) => fault.weather?.(strength) ?? {})))
    // A hurried county fills batches, a slow one sees every heartbeat.
    const stepMs = PACES[Math.floor(chance(seed, 4) * PACES.length)] ?? 400
    const callsOf = callsSince(world)
    if (settings.cut) machineNamed(world, settings.cut.machine).crashAfter(settings.cut.call, 'every')
    for (let act = 0; act < acts; act += 1) {
      await world.undo(false)
      await strikeSome(world, drawn, settings.faults !== undefined && act > acts * SURE_FROM)
      world.note(
        await actOnce(world, act, {
          script: settings.script?.[act],
          openings: settings.openings === true,
          labels: settings.labels === true,
        }),
      )
      await world.time.runFor(Math.floor(world.draw() * stepMs))
      await mend(world)
      takePictures(world)
    }
    const calls = callsOf()
    await heal(world)
    const broken = await invariantsOf(world)
    const counts = { ...world.counts, ...world.network.counts(), ...(await sizesOf(world)), ...calls }
    // Nobody looks into the files again: what lies there need not be kept as a power cut would.
    rmSync(folder, { recursive: true })
    await world.hub.kill()
    for (const machine of [...world.nodes, ...world.copies]) machine.kill()
    return { counts, broken }
  } finally {
    forgetLater()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Where it is there, files lie in memory: what is tested is what was flushed, not how long the disk took. */
const MEMORY = '/dev/shm'
const PACES = [20, 100, 400, 1_500] as const

interface Drawn {
  readonly name: FaultName
  readonly fault: Fault
  readonly strength: number
  struck: number
}

/** Swarm testing: each seed has some faults and not others, each of its own strength; all of them together would hide one another. */
const drawnFaults = (seed: number, asked: readonly FaultName[] | null): Drawn[] =>
  FAULT_NAMES.flatMap((name, at) => {
    const fault: Fault = FAULTS[name]
    const on = asked ? asked.some((one) => one === name || (FAULTS[one] as Fault).needs?.includes(name)) : chance(seed, 500, at) < ON
    return on ? [{ name, fault, strength: asked ? 1 : 0.3 + 0.7 * chance(seed, 501, at), struck: 0 }] : []
  })
const ON = 0.3

const begin = async (world: World): Promise<void> => {
  await world.hub.start()
  for (const machine of world.nodes) {
    await world.enrol(machine, [])
    machine.start()
  }
  await prepare(world)
  await world.time.runFor(3_000)
}

/** `surely`: a fault that has not struck yet strikes as soon as it finds something. */
const strikeSome = async (world: World, drawn: readonly Drawn[], surely: boolean): Promise<void> => {
  for (const one of drawn) {
    const { name, fault, strength } = one
    const due = world.draw() < fault.rate * strength || (surely && one.struck === 0)
    if (!due || one.struck >= (fault.most ?? Number.POSITIVE_INFINITY) || !(await fault.strike(world))) continue
    one.struck += 1
    world.note(`fault ${name}`)
  }
}
/** By then there is something to lose. */
const SURE_FROM = 0.3

/** Whoever died is cleared up and comes back: a node soon, the hub after a while. */
const mend = async (world: World): Promise<void> => {
  const { hub, nodes, copies, draw, gone } = world
  if (hub.crashed()) await hub.kill()
  for (const machine of [...nodes, ...copies]) {
    if (machine.crashed()) machine.kill()
    if (!machine.isUp() && draw() < 0.5 && !gone.has(machine.node)) machine.start()
  }
  if (!hub.isUp() && draw() < 0.12) await hub.start()
}

/** Now and then somebody copies a file: for a backup, or because a card will say later that this is all it ever held. */
const takePictures = ({ album, draw, pick, nodes, hub }: World): void => {
  if (draw() < 0.08) {
    const machine = pick(nodes.filter((run) => run.isUp()))
    if (machine) album.set(machine.machine, [...(album.get(machine.machine) ?? []), machine.image()].slice(-PICTURES_MAX))
  }
  if (draw() < 0.2 && hub.isUp() && !album.has('hub')) album.set('hub', [hub.image()])
}
const PICTURES_MAX = 3

const machineNamed = ({ hub, nodes }: World, name: string) => nodes.find(({ machine }) => machine === name) ?? hub

/** Calls each machine made of its ports from here on. */
const callsSince = ({ hub, nodes }: World): (() => Record<string, number>) => {
  const machines = [{ name: 'hub', calls: hub.calls }, ...nodes.map(({ machine, calls }) => ({ name: machine, calls }))]
  const before = machines.map(({ calls }) => calls())
  return () => Object.fromEntries(machines.map(({ name, calls }, at) => [`calls ${name}`, calls() - (before[at] ?? 0)]))
}

const sizesOf = async ({ nodes, hub }: World) => {
  const entries = nodes.reduce((sum, node) => sum + node.entries(), 0)
  const hubEntries = hub.db().prepare<[], number>('select count(*) from log').pluck().get() ?? 0
  return { entries, hubEntries }
}

import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { ACTS, type ActName, ITEM, type Luck } from './acts.ts'
import { askOnce } from './asks.ts'
import { labelOnce } from './labels.ts'
import type { NodeRun } from './node.ts'
import { openingOnce } from './openings.ts'
import { announce } from './registrations.ts'
import { tell } from './tell.ts'
import type { World } from './world.ts'

/** The hub writes the catalogue and the sites, and announces the first goods. */
export const prepare = async (world: World): Promise<void> => {
  const { hub, nodes } = world
  await tell(world, 'item-gauze', { stream: STREAM_TO_ALL, kind: 'item', doc: null, lines: [], body: ITEM })
  for (const { node } of nodes) {
    const name = { zh: node, en: node }
    const rooms = [
      { room: 'main', name, use: 'store' as const },
      { room: 'ward', name, use: 'department' as const },
    ]
    const body = { site: node, version: 1, name, zone: 'Asia/Shanghai', rooms }
    await tell(world, `site-${node}`, { stream: STREAM_TO_ALL, kind: 'site', doc: null, lines: [], body })
  }
  for (const { node } of nodes) if (hub.isUp()) await announce(world, node, `first-${node}`)
}

/** An act that was written down beforehand; `at` in [0, 1) chooses the machine. */
export interface Scripted extends Luck {
  readonly name: ActName
  readonly at: number
}

interface Wish {
  readonly script: Scripted | undefined
  /** The county also tells sites of old systems' stock. */
  readonly openings: boolean
  /** Keepers also change labels. */
  readonly labels: boolean
}

/** One act of people, at a machine or at the hub, as the script says or the seed draws it; answers what it was. */
export const actOnce = async (
  world: World,
  order: number,
  { script, openings = false, labels = false }: Partial<Wish> = {},
): Promise<string> => {
  const { draw, pick, nodes, copies } = world
  const up = [...nodes, ...copies].filter((run) => run.isUp())
  if (script) {
    const machine = up[Math.floor(script.at * up.length)]
    return machine ? actAt(world, machine, script.name, `${machine.machine}-act-${order}`, script) : 'nobody there'
  }
  const luck: Luck = { lot: draw(), units: draw(), other: draw() }
  const machine = pick(up)
  const county = draw()
  if (county < 0.08) return announce(world, pick(nodes)?.node ?? 'town-a', `asn-${order}`)
  if (county < 0.12) return askOnce(world, order)
  if (openings && county < 0.22) return openingOnce(world, order)
  if (labels && machine && order % 3 === 0) return labelOnce(world, machine, `${machine.machine}-act-${order}`, luck)
  const name = pick(OFTEN) ?? 'issue'
  return machine ? actAt(world, machine, name, `${machine.machine}-act-${order}`, luck) : 'nobody there'
}

/** Books one act, asks again at times as a tablet does that heard no answer, and writes down what was answered. */
export const actAt = (world: World, machine: NodeRun, name: ActName, action: string, luck: Luck): string => {
  const others = world.nodes.map(({ node }) => node).filter((node) => node !== machine.node)
  const booked = ACTS[name](machine, action, luck, others)
  // The power went in between: nobody was answered.
  if (machine.crashed()) return `${name} cut off`
  if (isRefusal(booked)) return `refused ${booked.code}`
  world.records.answered(machine.node, action, booked)
  if (luck.other < 0.1 && REPEATED.includes(name)) {
    const again = ACTS[name](machine, action, luck, others)
    // Told that it was not booked, people would book it once more under another name: a refusal is as wrong as a second booking.
    if (machine.crashed()) return name
    if (isRefusal(again)) world.records.breach(`${action} was booked, and asked again refused ${again.code}`)
    else if (again.fresh || again.head.hash !== booked.head.hash) world.records.breach(`${action} was booked twice`)
  }
  return name
}

/**
 * A tablet that never heard the answer asks the very same once more, later. As long as the machine's file knows the action, the answer is that it
 * was booked, whatever became of its entry.
 */
export const askAgain = (world: World, machine: NodeRun, name: ActName, action: string, luck: Luck): void => {
  if (!machine.isUp() || machine.db().prepare('select 1 from action where action = ?').get(action) === undefined) return
  const again = ACTS[name](machine, action, luck, [])
  if (machine.crashed()) return
  if (isRefusal(again) || again.fresh) world.records.breach(`${action} was booked and is not known any more`)
  world.note('asked again of a damaged entry')
}

/** Acts whose request does not hang on the book: a tablet that asks again asks the very same. */
const REPEATED: readonly ActName[] = ['receive', 'issue']

/** How often people do what. */
const OFTEN: readonly ActName[] = [
  ...Array<ActName>(6).fill('issue'),
  ...Array<ActName>(4).fill('receive'),
  ...Array<ActName>(3).fill('accept'),
  ...Array<ActName>(2).fill('move'),
  ...Array<ActName>(2).fill('ship'),
  ...['reverse', 'scrap', 'count', 'transform', 'settle', 'settle'].map((name) => name as ActName),
]

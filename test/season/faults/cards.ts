import { type Image, NOTHING, tornImage } from '../image.ts'
import { expectLostTail, lacksTail, surveyLosses } from '../losses.ts'
import type { NodeRun } from '../node.ts'
import { askForgotten } from '../twice.ts'
import type { World } from '../world.ts'
import type { Fault } from './fault.ts'

/** Memory cards: one that lied about what was on it, an old image put back, a torn end, and a new one in the place of a dead one. */
export const CARDS = {
  'lying-card': {
    rate: 0.008,
    most: 4,
    strike: (world) => backTo(world, (images) => images.at(-1) ?? null),
  },
  'old-image': {
    rate: 0.005,
    most: 2,
    strike: (world) => backTo(world, (images) => images[0] ?? null),
  },
  'torn-wal': {
    rate: 0.01,
    most: 4,
    strike: async (world) => {
      const machine = world.pick(world.nodes.filter((run) => run.isUp()))
      const torn = machine && tornImage(machine.image(), world.draw())
      if (!machine || !torn) return false
      await rollBack(world, machine, torn)
      return true
    },
  },
  'new-card': {
    rate: 0.005,
    most: 2,
    strike: async (world) => {
      const { hub, pick, nodes, copies, enrol, oldKeys, album, note, records, undecided } = world
      const machine = pick(nodes.filter((run) => run.isUp() && !copies.some(({ node }) => node === run.node)))
      if (!machine || !hub.isUp() || (await hub.ledger().storage()).state === 'full') return false
      const [old, name] = [machine.key(), machine.keyName()]
      machine.takeKey(`card ${oldKeys.length + 1}`)
      if (!(await enrol(machine, [old.id]))) {
        machine.takeKey(name)
        return false
      }
      // What the old card said last waits at a hub that had no room for it: it is read after its key was revoked, and a person settles it (H-029).
      if (undecided(machine.node)) records.allow('key-revoked', machine.node)
      oldKeys.push({ node: machine.node, key: old })
      album.delete(machine.machine)
      note('cards replaced')
      await rollBack(world, machine, NOTHING)
      return true
    },
  },
} as const satisfies Record<string, Fault>

const backTo = async (world: World, choose: (images: readonly Image[]) => Image | null): Promise<boolean> => {
  const machine = world.pick(world.nodes.filter((run) => run.isUp()))
  const image = machine && choose(world.album.get(machine.machine) ?? [])
  if (!machine || !image) return false
  await rollBack(world, machine, image)
  return true
}

/** The machine dies and starts from a file that holds less; what goes with it is written down, and what the hub holds must come back. */
const rollBack = async (world: World, machine: NodeRun, image: Image): Promise<void> => {
  const lacked = await lacksTail(world, machine)
  machine.kill()
  machine.put(image)
  machine.start()
  // What is done twice because the first was forgotten, and found to be one too many when it comes back.
  for (const kind of ['room-negative', 'reversed-twice', 'act-twice']) world.records.allow(kind, machine.node)
  await surveyLosses(world, machine)
  await expectLostTail(world, machine, lacked)
  askForgotten(world, machine)
}

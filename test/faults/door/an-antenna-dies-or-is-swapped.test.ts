import { DOORWAY, openField, type Physics } from '@lotkeeper/deploy/simulators/field.ts'
import { cartOf, type WalkKind } from '@lotkeeper/deploy/simulators/field-walks.ts'
import { openDoorway } from '@lotkeeper/edge/flow/fixtures/doorway.ts'
import { announce } from '@lotkeeper/edge/ledger/fixtures/bench.ts'
import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, test } from 'vitest'

type Side = 'inside' | 'outside'
interface Story {
  readonly physics: Partial<Physics>
  readonly walks: number
  /** One side hears nothing from this walk on. */
  readonly dead?: { readonly side: Side; readonly from: number }
  readonly swapped?: boolean
}
const BOXES = 40
/** Whoever comes again sooner has not left for the door: the same box is carried again and again here. */
const BETWEEN_MS = 14_000

/**
 * A door in the simulated air: boxes that were announced come in and go out by themselves and on carts, people pass and turn back, three boxes stand on a
 * shelf beside it. Answers what was said of the devices, and at which walk first.
 */
const told = async ({ physics, walks, dead, swapped = false }: Story): Promise<Readonly<Record<string, number>>> => {
  const air = { ...DOORWAY, ...physics }
  const field = openField(walks, air)
  const { node, way, timeline, hub, found, close } = openDoorway({ swapped })
  const antennas = { inside: field.fieldOf('inside'), outside: field.fieldOf('outside') }
  const boxes = Array.from({ length: BOXES }, (_, box) => `30340001${String(box).padStart(16, '0')}`)
  for (const [box, epc] of boxes.entries()) announce(hub, { epc, lot: `gauze/L${box}`, units: 10 })
  hub.tell(node.ledger)
  for (const box of [0, 1, 2]) {
    const epc = tagOf(`30340002${String(box).padStart(16, '0')}`)
    field.shelve({ epc, x: 2.5 + box * 0.4, y: 1, gainDb: 0, fromMs: 0, untilMs: 1e12 })
  }
  const said: Record<string, number> = {}
  const here = new Set<string>()
  for (let walk = 0; walk < walks; walk += 1) {
    const kind = KINDS[walk % KINDS.length] ?? 'in'
    const away = kind === 'in' || kind === 'pass-outside' || kind === 'turn-back-outside'
    const carried = boxes.filter((epc) => here.has(epc) !== away).slice(0, walk % 3 === 0 ? 5 : 1)
    for (const epc of carried) if (kind === 'in') here.add(epc)
    for (const epc of carried) if (kind === 'out') here.delete(epc)
    const cart = cartOf(walk + 1, kind, timeline.clock.monotonic() + 500, carried.map(tagOf)).map((one) => one.carried)
    for (const one of cart) field.carry(one)
    const endMs = Math.max(timeline.clock.monotonic(), ...cart.map(({ path }) => path.at(-1)?.atMs ?? 0)) + BETWEEN_MS
    for (let at = timeline.clock.monotonic(); at < endMs; at = timeline.clock.monotonic()) {
      const side: Side = Math.round(at / 25) % 2 === 0 ? 'inside' : 'outside'
      const reader = (side === 'inside') === swapped ? 'r-out' : 'r-in'
      const isDead = dead?.side === side && walk >= dead.from
      const times = { at: timeline.clock.now(), monotonic: at }
      for (const { epc, rssiDbm } of isDead ? [] : antennas[side](at))
        way.see({ ...{ reader, port: 1, epc: hexOf(epc), pc: 0x3000, rssiDbm, levelDb: rssiDbm, rssiRaw: 0, phaseDeg: null }, ...times })
      await timeline.run(25)
    }
    for (const one of found()) said[one] ??= walk
  }
  await close()
  return said
}

const KINDS: readonly WalkKind[] = ['in', 'out', 'in', 'pass-outside', 'in', 'out', 'turn-back-inside', 'in', 'out', 'in']
const tagOf = (epc: string): Uint8Array => bytesOfHex(epc) ?? new Uint8Array()
/** Doors that carry differently. */
const DOORS: readonly (readonly [string, Partial<Physics>])[] = [
  ['as built', {}],
  ['with antennas far out', { antennaM: { x: 1.5, y: 1 } }],
  ['where most reads are lost', { missed: 0.6 }],
]

describe.each(DOORS)('a door %s', (_name, physics) => {
  test('says nothing while all is well', async () => {
    expect(await told({ physics, walks: 60 })).toEqual({})
  })

  test('says that an antenna died within a dozen walks', async () => {
    const said = await told({ physics, walks: 52, dead: { side: 'outside', from: 40 } })
    expect(Object.keys(said)).toEqual(['antenna-dead r-out 1'])
    expect(said['antenna-dead r-out 1']).toBeGreaterThan(40)
  })

  test('says that its antennas are on the wrong sides before the first twenty-five boxes are in', async () => {
    expect(Object.keys(await told({ physics, walks: 40, swapped: true }))).toEqual(['antennas-swapped r-in null'])
  })
})

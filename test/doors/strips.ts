import { type Chance, openChance } from '@lotkeeper/deploy/simulators/doorway/chance.ts'
import type { Sighting } from '@lotkeeper/edge/portal/portal.ts'
import type { PlainScene } from './plain-air.ts'

/**
 * Walks as strips of places, a letter for each moment: o far outside, O before the outside antenna, = in the door plane, I and i likewise inside, s and S on
 * the shelf of either side with somebody before it, a and A heard by the inside antenna alone, b and B by the outside one, . unheard. No air at all: what is learnt in models of it must hold
 * where nothing fades, too.
 */
export function* stripScenes(seed: number, many: number): Generator<PlainScene> {
  for (let number = 0, told = 0; told < many; number += 1) {
    const scene = sceneOf(openChance(seed, number, STRIPS), number)
    told += scene.truth.length
    yield scene
  }
}

const STRIPS = 8123

const sceneOf = (chance: Chance, number: number): PlainScene => {
  const [stripOf, direction] = chance.pick(WAYS)
  const isOut = chance.isSo(0.5)
  const strip = mirrored(stripOf(chance), isOut)
  const letterMs = chance.between([120, 300])
  const [hasLevel, missed, noiseDb] = [!chance.isSo(0.1), chance.between([0, 0.3]), chance.between([0, 1.5])]
  const levels = levelsOf(chance)
  const epcs = Array.from(
    { length: chance.isSo(0.7) ? 1 : chance.whole(2, 5) },
    (_, at) => `33${number.toString(16).padStart(6, '0')}${at}`,
  )
  const sightings = epcs.flatMap((epc): readonly Sighting[] => {
    const [gainDb, lateMs] = [chance.between([-4, 4]), epcs.length > 1 ? chance.between([0, 300]) : 0]
    return [...strip].flatMap((letter, at) =>
      SIDES.flatMap((side) => {
        const level = levels[letter]?.[side] ?? null
        return READ_AT[side].flatMap((share): readonly Sighting[] => {
          if (level === null || chance.isSo(missed)) return []
          const rssiDbm = hasLevel ? Math.round(level + gainDb + noiseDb * chance.normal()) : null
          return [{ epc, antenna: side, side, at: Math.round(1000 + lateMs + (at + share) * letterMs), rssiDbm, phaseDeg: null }]
        })
      }),
    )
  })
  const truth = isOut ? direction.map((one) => (one === 'in' ? 'out' : 'in')) : direction
  return {
    truth: epcs.map((epc) => ({ epc, direction: truth.join(',') || 'none' })),
    sightings: sightings.toSorted((one, other) => one.at - other.at),
  }
}

const SIDES = ['inside', 'outside'] as const
/** Each side reads twice a letter, in turns. */
const READ_AT = { inside: [0, 0.5], outside: [0.25, 0.75] } as const

/** dBm by letter and side, for one door. */
const levelsOf = (chance: Chance): Readonly<Record<string, Readonly<Record<(typeof SIDES)[number], number | null>>>> => {
  const near = chance.between([-50, -42])
  const [far, plane] = [near - chance.between([12, 18]), near - chance.between([2, 6])]
  const behind = chance.between([8, 14])
  const at = (inside: number | null, outside: number | null) => ({ inside, outside })
  return {
    o: at(far - chance.between([4, 7]), far),
    O: at(near - behind, near),
    '=': at(plane, plane),
    I: at(near, near - behind),
    i: at(far, far - chance.between([4, 7])),
    s: at(near - behind - 4, near - behind),
    S: at(near - behind, near - behind - 4),
    a: at(far, null),
    A: at(near, null),
    b: at(null, far),
    B: at(null, near),
    '.': at(null, null),
  }
}

const many = (chance: Chance, letter: string, from: number, to: number): string => letter.repeat(chance.whole(from, to))
const inward = (chance: Chance, between = '='): string =>
  `${many(chance, 'o', 0, 4)}${many(chance, 'O', 2, 5)}${between}${many(chance, 'I', 2, 5)}${many(chance, 'i', 0, 4)}`
const outward = (chance: Chance): string =>
  `${many(chance, 'i', 0, 4)}${many(chance, 'I', 2, 5)}=${many(chance, 'O', 2, 5)}${many(chance, 'o', 0, 4)}`

type Way = readonly [strip: (chance: Chance) => string, direction: readonly ('in' | 'out')[]]
/** As somebody from outside goes; the same from inside is mirrored. */
const WAYS: readonly Way[] = [
  [inward, ['in']],
  [(chance) => inward(chance, many(chance, '=', 5, 120)), ['in']],
  [(chance) => inward(chance, `=${many(chance, '.', 10, 40)}=`), ['in']],
  [(chance) => `${inward(chance)}${many(chance, 'i', 5, 20)}${outward(chance)}`, ['in', 'out']],
  [(chance) => `${inward(chance)}${many(chance, '.', 8, 40)}${outward(chance)}`, ['in', 'out']],
  [(chance) => `${inward(chance)}${many(chance, 'I', 60, 300)}${outward(chance)}`, ['in', 'out']],
  [(chance) => `${many(chance, 'O', 120, 300)}=${many(chance, 'I', 2, 5)}${many(chance, 'i', 0, 4)}`, ['in']],
  [(chance) => `${many(chance, 'o', 0, 4)}${many(chance, 'O', 2, 5)}=${many(chance, 'I', 60, 300)}`, ['in']],
  [(chance) => `${many(chance, 'o', 1, 5)}${many(chance, 'O', 3, 12)}${many(chance, 'o', 1, 5)}`, []],
  [
    (chance) =>
      `${many(chance, 'o', 1, 4)}${many(chance, 'O', 2, 5)}=${many(chance, 'I', 0, 1)}=${many(chance, 'O', 2, 5)}${many(chance, 'o', 1, 4)}`,
    [],
  ],
  [
    (chance) =>
      `${many(chance, 'o', 1, 4)}${many(chance, 'O', 2, 5)}${many(chance, '.', 10, 30)}${many(chance, 'O', 2, 5)}${many(chance, 'o', 1, 4)}`,
    [],
  ],
  [(chance) => many(chance, chance.pick(['O', '=', 'o']), 100, 600), []],
  [(chance) => `${many(chance, 'O', 60, 200)}${many(chance, 'S', 3, 30)}${many(chance, 'O', 60, 200)}`, []],
  [(chance) => `${many(chance, 'b', 1, 5)}${many(chance, 'B', 2, 10)}${many(chance, 'b', 1, 5)}`, []],
]

const mirrored = (strip: string, isSo: boolean): string => (isSo ? [...strip].map((letter) => MIRROR[letter] ?? letter).join('') : strip)
const MIRROR: Readonly<Record<string, string>> = { o: 'i', i: 'o', O: 'I', I: 'O', s: 'S', S: 's', a: 'b', b: 'a', A: 'B', B: 'A' }

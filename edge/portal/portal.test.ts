import { describe, expect, it } from 'vitest'
import { openPortal, type Portal, type PortalConfig, type Sighting, sideOf } from './portal.ts'
import type { Passage } from './verdict.ts'

const CONFIG: PortalConfig = { door: 'front', antennas: { 'r1:1': 'inside', 'r2:1': 'outside' } }
const EPC = '30699B587B8716400012D687'

/**
 * A strip is a picture of one tag, 200 ms a letter: o far outside, O before the outside antenna, = in the door plane, I before the inside antenna,
 * i far inside, s on the inside shelf with somebody before the inside antenna, a and A heard by the inside antenna alone, b by the outside one, . unheard.
 */
const LETTER_MS = 200
const LEVELS: Readonly<Record<string, readonly [inside: number | null, outside: number | null]>> = {
  o: [-66, -60],
  O: [-58, -46],
  '=': [-50, -50],
  I: [-46, -58],
  i: [-60, -66],
  s: [-62, -58],
  a: [-62, null],
  A: [-45, null],
  b: [null, -62],
  '.': [null, null],
}

const sightingsOf = (strip: string, startMs = 1000): readonly Sighting[] =>
  [...strip].flatMap((letter, at) => {
    const [inside = null, outside = null] = LEVELS[letter] ?? []
    const start = startMs + at * LETTER_MS
    // Each side reads twice a letter, in turns; levels waver by 1 dB.
    const read = (side: 'inside' | 'outside', antenna: string, level: number | null, delayMs: number): readonly Sighting[] =>
      level === null ? [] : [{ epc: EPC, antenna, side, at: start + delayMs, rssiDbm: level + ((at + delayMs / 50) % 2) }]
    return [
      ...read('inside', 'r1:1', inside, 0),
      ...read('outside', 'r2:1', outside, 50),
      ...read('inside', 'r1:1', inside, 100),
      ...read('outside', 'r2:1', outside, 150),
    ]
  })

interface Told {
  readonly passages: readonly Passage[]
  /** When each passage was told. */
  readonly toldMs: readonly number[]
  readonly portal: Portal
}

const play = (
  sightings: readonly Sighting[],
  { config = CONFIG, tailMs = 12_000 }: { readonly config?: PortalConfig; readonly tailMs?: number } = {},
): Told => {
  const portal = openPortal(config)
  const passages: Passage[] = []
  const toldMs: number[] = []
  const hear = (told: readonly Passage[], atMs: number): void => {
    passages.push(...told)
    toldMs.push(...told.map(() => atMs))
  }
  for (const sighting of sightings) hear(portal.see(sighting), sighting.at)
  const last = sightings.at(-1)?.at ?? 0
  for (let at = last; at <= last + tailMs; at += 50) hear(portal.tick(at), at)
  return { passages, toldMs, portal }
}

const directionsOf = ({ passages }: Told): string => passages.map(({ direction }) => direction).join(',') || 'none'

it('takes what is heard of a tag right behind its passage for an echo, and what comes a minute later for what it is', () => {
  const walks = (pauseMs: number) => [...sightingsOf('oooOOO=IIIiii'), ...sightingsOf('oooOOO=IIIiii', 1000 + 13 * LETTER_MS + pauseMs)]
  expect(directionsOf(play(walks(60_000)))).toBe('in,in')
  expect(directionsOf(play(walks(6_000)))).toBe('in')
})

it('asks about a tag that comes again a moment after it crossed and is heard last where it came from', () => {
  const again = (strip: string): string => directionsOf(play(sightingsOf(`oooOOO=IIIiii${'.'.repeat(12)}${strip}`)))
  expect(again('aaab')).toBe('in,uncertain')
  expect(again('aaa')).toBe('in')
  expect(again('aba')).toBe('in')
  // What goes on being heard there stays there.
  expect(again(`${'a'.repeat(40)}b`)).toBe('in')
  // Its phase stands: it was set down.
  const [walk, rest] = [sightingsOf('oooOOO=IIIiii'), sightingsOf('aaab', 1000 + 25 * LETTER_MS)]
  expect(directionsOf(play([...walk, ...rest.map((sighting) => ({ ...sighting, phaseDeg: 40 }))]))).toBe('in')
  // Never silent since, it did not come again.
  expect(directionsOf(play(sightingsOf('oooOOO=IIIiiiaaab')))).toBe('in')
})

it('waits longer for one that stays while it is not quite sure', () => {
  const toldAfter = (settleCertainty: number): number => {
    const strip = `oooOOO=${'I'.repeat(150)}`
    const { passages, toldMs } = play(sightingsOf(strip), { config: { ...CONFIG, thresholds: { settleCertainty } } })
    expect(passages.map(({ direction }) => direction)).toEqual(['in'])
    return (toldMs[0] ?? 0) - (passages[0]?.at ?? 0)
  }
  expect(toldAfter(0.9)).toBeLessThan(7_000)
  expect(toldAfter(1)).toBeGreaterThan(12_000)
})

it('asks where one half of a way there and back is sure enough by itself and both together are not', () => {
  const told = (decideCertainty: number): string =>
    directionsOf(play(sightingsOf('iI=OO=Ii'), { config: { ...CONFIG, thresholds: { decideCertainty } } }))
  expect(told(0.73)).toBe('out,in')
  expect(told(0.8)).toBe('uncertain,uncertain')
})

it('asks about one that surely went out and may well have come back, and says that it is not sure', () => {
  const asked = play(sightingsOf('iiIII=OOOoooaIi'), { tailMs: 16_000 })
  expect(directionsOf(asked)).toBe('uncertain')
  expect(asked.passages[0]?.certainty).toBeLessThan(0.8)
  expect(directionsOf(play(sightingsOf('iiIII=OOOoooa'), { tailMs: 16_000 }))).toBe('out')
})

it('asks about one that went out with another, was not heard to come back with it, and was in range all the while', () => {
  const other = EPC.replace(/.$/, '0')
  const told = (strips: readonly string[]): string => {
    const [one, ...others] = strips.map((strip) => sightingsOf(strip))
    const beside = others.flatMap((sightings, at) => sightings.map((sighting) => ({ ...sighting, epc: other.replace(/.$/, String(at)) })))
    const sightings = [...(one ?? []), ...beside].toSorted((before, after) => before.at - after.at)
    // Sure enough to be told when it falls silent, were it not for the others.
    const { passages } = play(sightings, { config: { ...CONFIG, thresholds: { settleCertainty: 0.99 } }, tailMs: 16_000 })
    return passages
      .flatMap(({ epc, direction, certainty }) => (epc === EPC ? [`${direction}${certainty < 0.5 ? ', in doubt' : ''}`] : []))
      .join()
  }
  const back = 'iiiIII=OOOoooooOOO=IIIiii'
  const stays = 'iiiIII=OOOooooobbbbbbbbbbbbbb'
  expect(told([stays])).toBe('out')
  expect(told([stays, back, back])).toBe('uncertain, in doubt')
})

it('tells nothing early that it would ask about', () => {
  const { passages, toldMs } = play(sightingsOf('oooOOO=IIIiii'), {
    config: { ...CONFIG, thresholds: { decideCertainty: 1 } },
    tailMs: 16_000,
  })
  expect(passages.map(({ direction }) => direction)).toEqual(['uncertain'])
  expect((toldMs[0] ?? 0) - 3550).toBeGreaterThan(2_000)
})

describe('what a strip of sightings means', () => {
  it.each([
    ['oooOOO=IIIiii', 'in', 'walks in'],
    ['iiiIII=OOOooo', 'out', 'walks out'],
    ['OOOO=IIII', 'in', 'heard only near the door'],
    ['ooOOOIIIii', 'in', 'runs in'],
    ['ooOOIIii', 'in', 'is thrown in'],
    [`oooOOO${'='.repeat(40)}IIIiii`, 'in', 'pauses in the doorway for 8 s'],
    [`iiiIII${'='.repeat(400)}OOOooo`, 'out', 'pauses in the doorway for 80 s'],
    [`oooOOO=${'.'.repeat(30)}=IIIiii`, 'in', 'stops for 6 s in the doorway where nobody hears it'],
    [`iiiIII=${'.'.repeat(40)}=OOOooo`, 'out', 'stops for 8 s in the doorway where nobody hears it'],
    [`oooOOO${'.'.repeat(25)}OOOooo`, 'none', 'stops for 5 s where nobody hears it, and turns back'],
    ['oooOOOOOOooo', 'none', 'passes by outside'],
    ['iiiIIIIIIIiii', 'none', 'passes by inside'],
    ['oooOOO=I=OOOooo', 'none', 'looks in and turns back'],
    ['iiiIII=OOOooooooooOOO=IIIiii', 'out,in', 'goes out and comes back at once'],
    ['oooOOO=IIIiiiiiiiiIII=OOOooo', 'in,out', 'comes in and leaves at once'],
    ['iiiIII=OOOooo..........oooOOO=IIIiii', 'out,in', 'goes out and comes back after 2 s'],
    [`oooOOO=IIIiii${'.'.repeat(20)}iiiIII=OOOooo`, 'in,out', 'two sessions'],
    ['I'.repeat(600), 'none', 'stands on a shelf by the door for two minutes'],
    ['='.repeat(600), 'none', 'stands in the doorway for two minutes'],
    [`${'I'.repeat(150)}=OOOooo`, 'out', 'is taken from the shelf by the door and carried out'],
    [`oooOOO=III${'I'.repeat(300)}`, 'in', 'is carried in and put on the shelf by the door'],
    [`oooOOO=III${'I'.repeat(300)}=OOOooo`, 'in,out', 'is carried in, rests by the door for a minute, is carried out'],
    [`${'I'.repeat(150)}${'s'.repeat(5)}${'I'.repeat(150)}`, 'none', 'somebody walks before the shelf'],
    [`${'I'.repeat(150)}${'s'.repeat(30)}${'I'.repeat(150)}`, 'none', 'somebody stands before the shelf for 6 s'],
    ['aaaAAAAaaa', 'none', 'goes by where only one antenna hears'],
    [
      `aaaAAAAaaa${'.'.repeat(60)}aaaAAAAaaa${'.'.repeat(60)}aaaAAAAaaa${'.'.repeat(60)}aaaAAAAaaa`,
      'uncertain',
      'and by the fourth time the other antenna must be deaf',
    ],
    ['AAAAAAAAAA', 'none', 'stands where only one antenna hears'],
    ['aaaaaaaaaa', 'none', 'stands far off where only one antenna hears'],
    ['O', 'none', 'is heard once'],
    ['', 'none', 'is never heard'],
  ])('%s: %s (%s)', (strip, wanted) => expect(directionsOf(play(sightingsOf(strip)))).toBe(wanted))
})

describe('a passage', () => {
  const told = play(sightingsOf('oooOOO=IIIiii'))
  const [passage] = told.passages
  it('names door, tag, times and version', () => {
    expect(passage).toMatchObject({ door: 'front', epc: EPC, direction: 'in', algorithm: 'portal/7', from: 1000, to: 3550 })
    expect(passage?.at).toBeGreaterThanOrEqual(2100)
    expect(passage?.at).toBeLessThanOrEqual(2500)
    expect(passage?.certainty).toBeGreaterThan(0.95)
  })
  it('carries evidence a person can check', () => {
    const { inside, outside } = passage?.evidence ?? {}
    expect(inside).toMatchObject({ reads: 26, peak: -45, first: 0, last: 2500 })
    expect(outside).toMatchObject({ reads: 26, peak: -45, first: 0, last: 2500 })
    expect(outside?.centroid).toBeLessThan((inside?.centroid ?? 0) - 250)
    expect(JSON.stringify(passage?.evidence).length).toBeLessThanOrEqual(300)
  })
  it('is told a second after the last reading when it is clear', () => {
    const silence = (told.toldMs[0] ?? 0) - 3550
    expect(silence).toBeGreaterThanOrEqual(1000)
    expect(silence).toBeLessThanOrEqual(1150)
  })
  it('waits for the departure when it is not', () => {
    const config = { ...CONFIG, thresholds: { settleCertainty: 1 } }
    const patient = play(sightingsOf('oooOOO=IIIiii'), { config })
    const silence = (patient.toldMs[0] ?? 0) - 3550
    expect(directionsOf(patient)).toBe('in')
    expect(silence).toBeGreaterThanOrEqual(2500)
    expect(silence).toBeLessThanOrEqual(2650)
  })
  it('of a tag that stays is told while it stays', () => {
    const staying = play(sightingsOf(`oooOOO=III${'I'.repeat(100)}`))
    const after = (staying.toldMs[0] ?? 0) - (staying.passages[0]?.at ?? 0)
    expect(after).toBeGreaterThanOrEqual(4000)
    expect(after).toBeLessThanOrEqual(5200)
    expect(staying.portal.outcomes()).toMatchObject({ in: 1, uncertain: 0 })
  })
})

describe('the door', () => {
  it('counts what ended without a passage', () => {
    expect(play(sightingsOf('I'.repeat(200))).portal.outcomes()).toMatchObject({ static: 1, in: 0, out: 0, uncertain: 0 })
    expect(play(sightingsOf('oooOOOooo')).portal.outcomes()).toMatchObject({ 'passed-by': 1 })
    expect(play(sightingsOf('oooOOO=I=OOOooo')).portal.outcomes()).toMatchObject({ 'passed-by': 1 })
    expect(play(sightingsOf('iiiIIIooOIIIIIIiii')).portal.outcomes()).toMatchObject({ in: 0, out: 0 })
    expect(play(sightingsOf('aaaa')).portal.outcomes()).toMatchObject({ 'one-sided': 1 })
  })
  it('tells as much however late it is asked', () => {
    const carried = ['iiiIII=OOOooooooooOOO=IIIiii', 'iiiIII=OOOooooooooOOO=IIIiii', 'iiiIII=OOOooooooooOOO=IIIiii', 'iiiIII=OOOooo']
    const sightings = carried
      .flatMap((strip, at) => sightingsOf(strip).map((sighting) => ({ ...sighting, epc: `E${at}` })))
      .toSorted((one, other) => one.at - other.at)
    const late = openPortal(CONFIG)
    const told = [...sightings.flatMap((sighting) => late.see(sighting)), ...late.tick(3_600_000)]
    const shown = (passages: readonly Passage[]) => passages.map(({ epc, direction, at }) => `${epc} ${direction} ${at}`).toSorted()
    expect(shown(told)).toEqual(shown(play(sightings, { tailMs: 30_000 }).passages))
  })
  it('forgets a tag that left', () => {
    const { portal } = play(sightingsOf('oooOOO'))
    expect(portal.present()).toBe(0)
  })
  it('tells the way by how often it was read when readers tell no level, or asks', () => {
    const counted = (strip: string) =>
      sightingsOf(strip).flatMap((sighting) => {
        const near = (sighting.rssiDbm ?? -99) > -52
        return Array.from({ length: near ? 4 : 1 }, () => ({ ...sighting, rssiDbm: null }))
      })
    expect(directionsOf(play(counted('oooOOOOO=IIIIIiii')))).toMatch(/^(in|uncertain)$/)
    expect(directionsOf(play(counted('iiiIIIII=OOOOOooo')))).toMatch(/^(out|uncertain)$/)
    expect(directionsOf(play(counted('oooOOOOOOOooo')))).toBe('none')
  })
  it('says that a side hears nothing after three visits, and no longer once it hears', () => {
    const visit = `aaaAAAAaaa${'.'.repeat(60)}`
    const { portal } = play(sightingsOf(visit.repeat(3)))
    expect(portal.deaf()).toEqual({ side: 'outside', lastMs: null, tags: 3 })
    portal.see({ epc: EPC, antenna: 'r2:1', side: 'outside', at: 100_000, rssiDbm: -60 })
    expect(portal.deaf()).toBeNull()
  })
  it('knows the antennas of the door alone', () => {
    expect(sideOf(CONFIG, 'r1:1')).toBe('inside')
    expect(sideOf(CONFIG, 'r2:1')).toBe('outside')
    expect(sideOf(CONFIG, 'r2:2')).toBeNull()
  })
  it('keeps tags apart', () => {
    const inward = sightingsOf('oooOOO=IIIiii')
    const outward = sightingsOf('iiiIII=OOOooo', 3000).map((sighting) => ({ ...sighting, epc: 'E2' }))
    const both = play([...inward, ...outward].toSorted((one, other) => one.at - other.at))
    expect(both.passages.map(({ epc, direction }) => `${epc} ${direction}`).toSorted()).toEqual([`${EPC} in`, 'E2 out'])
  })
})

describe('a light barrier', () => {
  const doubtful = 'ooOOIIii'
  const certaintyWith = (beamsMs: readonly number[]): number => {
    const portal = openPortal(CONFIG)
    const told: Passage[] = []
    for (const atMs of beamsMs) told.push(...portal.beam(atMs))
    for (const sighting of sightingsOf(doubtful)) told.push(...portal.see(sighting))
    told.push(...portal.tick(20_000))
    return told[0]?.certainty ?? 0
  }
  it('makes a crossing surer when it was broken then, and unsurer when it was not', () => {
    const without = certaintyWith([])
    expect(certaintyWith([1800])).toBeGreaterThan(without)
    expect(certaintyWith([-60_000])).toBeLessThan(without)
  })
  it('is no passage by itself', () => {
    const portal = openPortal(CONFIG)
    expect([...portal.beam(1000), ...portal.tick(20_000)]).toEqual([])
  })
})

describe('a cart', () => {
  const cartOf = (strips: readonly string[]) =>
    strips
      .flatMap((strip, at) => sightingsOf(strip).map((sighting) => ({ ...sighting, epc: `E${at}` })))
      .toSorted((one, other) => one.at - other.at)
  it('takes a tag along that only one side heard', () => {
    const clear = Array.from({ length: 8 }, () => 'oooOOO=IIIiii')
    const { passages } = play(cartOf([...clear, '.......aaa']), { tailMs: 10_000 })
    expect(passages.filter(({ epc }) => epc !== 'E8').map(({ direction }) => direction)).toEqual(clear.map(() => 'in'))
    expect(
      passages
        .filter(({ epc }) => epc === 'E8')
        .map(({ direction }) => direction)
        .join(),
    ).toMatch(/^(in|uncertain)$/)
  })
  it('is not joined with one that goes the other way', () => {
    const { passages } = play(
      cartOf([...Array.from({ length: 6 }, () => 'oooOOO=IIIiii'), ...Array.from({ length: 6 }, () => 'iiiIII=OOOooo')]),
    )
    const decided = passages.filter(({ direction }) => direction !== 'uncertain')
    expect(decided.every(({ epc, direction }) => direction === (Number(epc.slice(1)) < 6 ? 'in' : 'out'))).toBe(true)
  })
})

describe('a cart that turned behind the door', () => {
  const [there, thereAndBack] = ['iiiIII=OOOooo', 'iiiIII=OOOooooooooOOO=IIIiii']
  const told = (strips: readonly string[], tailMs = 20_000) => {
    const sightings = strips.flatMap((strip, at) => sightingsOf(strip).map((sighting) => ({ ...sighting, epc: `E${at}` })))
    const { passages, portal } = play(
      sightings.toSorted((one, other) => one.at - other.at),
      { tailMs },
    )
    const last = passages.filter(({ epc }) => epc === `E${strips.length - 1}`)
    return { last, directions: last.map(({ direction }) => direction).join(), portal }
  }
  it('makes a question of a tag that was not heard on the way back', () => {
    const { last, directions, portal } = told([thereAndBack, thereAndBack, thereAndBack, thereAndBack, there])
    expect(directions).toBe('out,uncertain')
    // When the others came back, with what was heard of it last.
    expect(last[1]?.at).toBeGreaterThan(4_500)
    expect(last[1]?.at).toBeLessThan(6_000)
    expect(last[1]?.evidence.outside?.reads).toBeGreaterThan(0)
    expect(portal.outcomes()).toMatchObject({ out: 5, in: 4, uncertain: 1 })
  })
  it('and none where some stayed there, or one alone came back', () => {
    expect(told([thereAndBack, thereAndBack, thereAndBack, there, there]).directions).toBe('out')
    expect(told([thereAndBack, there]).directions).toBe('out')
  })
  it('nor of one that is heard again', () => {
    const late = `${there}${'.'.repeat(30)}oooOOO=IIIiii`
    expect(told([thereAndBack, thereAndBack, thereAndBack, thereAndBack, late]).directions).toBe('out,in')
  })
})

describe('replay', () => {
  const stream = sightingsOf('iiiIII=OOOooooooooOOO=IIIiii')
  it('says the same for the same stream', () => expect(play(stream).passages).toEqual(play(stream).passages))
  it('bears readers that deliver a little out of order', () => {
    const shuffled = stream.toSorted(
      (one, other) => one.at + (one.side === 'inside' ? 400 : 0) - (other.at + (other.side === 'inside' ? 400 : 0)),
    )
    expect(directionsOf(play(shuffled))).toBe('out,in')
  })
  it('says the same an hour later on the clock', () => {
    const later = play(sightingsOf('iiiIII=OOOooooooooOOO=IIIiii', 3_601_000)).passages
    expect(later.map(({ at }) => at - 3_600_000)).toEqual(play(stream).passages.map(({ at }) => at))
  })
  it('ends what is open when the clock is set back, and goes on', () => {
    const day = 86_400_000
    const portal = openPortal(CONFIG)
    for (const sighting of sightingsOf('oooOOO=IIIiii', day)) portal.see(sighting)
    const [before] = portal.tick(1000)
    expect(before?.direction).toBe('in')
    const after = sightingsOf('iiiIII=OOOooo', 2000).flatMap((sighting) => portal.see(sighting))
    expect([...after, ...portal.tick(10_000)].map(({ direction }) => direction)).toEqual(['out'])
  })
  it('holds a bounded past however long a tag stays', () => {
    const hour = play(sightingsOf('I'.repeat(18_000)))
    expect(directionsOf(hour)).toBe('none')
    expect(hour.portal.outcomes().static).toBe(1)
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import fixtures from './fixtures/scenarios.json' with { type: 'json' }
import { openPortal } from './portal.ts'
import type { Passage } from './verdict.ts'

interface Scenario {
  readonly name: string
  readonly truth: readonly { readonly epc: string; readonly direction: string }[]
  /** tMs, epc, antenna 1 inside or 2 outside, dBm */
  readonly reads: readonly (readonly (number | string)[])[]
}

/** Directions the portal gives each tag of a scenario, and the longest wait from a tag's last reading to its passage. */
const playScenario = ({ reads }: Scenario): { readonly said: (epc: string) => string; readonly waitMs: number } => {
  const portal = openPortal({ door: 'test', antennas: { 'r:1': 'inside', 'r:2': 'outside' } })
  const passages: Passage[] = []
  const lastMs = new Map<string, number>()
  let waitMs = 0
  const hear = (told: readonly Passage[], atMs: number): void => {
    for (const { epc } of told) waitMs = Math.max(waitMs, atMs - (lastMs.get(epc) ?? atMs))
    passages.push(...told)
  }
  for (const [at, epc, antenna, rssi] of reads) {
    const sighting = {
      epc: String(epc),
      antenna: `r:${antenna}`,
      side: antenna === 1 ? 'inside' : 'outside',
      at: Number(at),
      rssiDbm: Number(rssi),
    } as const
    hear(portal.see(sighting), sighting.at)
    lastMs.set(sighting.epc, sighting.at)
  }
  const end = Math.max(...lastMs.values())
  for (let at = end; at <= end + 4000; at += 50) hear(portal.tick(at), at)
  const said = (wanted: string): string => passages.flatMap(({ epc, direction }) => (epc === wanted ? [direction] : [])).join(',') || 'none'
  return { said, waitMs }
}

describe('doorways of the shared collection, the small ones', () => {
  it.each(fixtures.scenarios.map((scenario) => [`${scenario.name} (${scenario.note})`, scenario as Scenario] as const))(
    '%s',
    (_, scenario) => {
      const { said, waitMs } = playScenario(scenario)
      expect(scenario.truth.map(({ epc }) => said(epc))).toEqual(scenario.truth.map(({ direction }) => direction))
      // What is sure is told a moment after its tag fell silent; the others when it left.
      expect(waitMs).toBeLessThanOrEqual(2600)
    },
  )
})

// Left of the repository lies the collection all parts are built from; it is not committed here.
const SHARED = fileURLToPath(new URL('../../../shared/reference/vectors/portal-scenarios.json', import.meta.url))

describe('all doorways of the shared collection', () => {
  it('are told right, and never wrong', () => {
    if (!existsSync(SHARED)) {
      if (process.env['CI']) throw new Error('the shared portal scenarios are absent')
      console.info('portal: the shared scenarios are absent, only the small ones were played')
      return
    }
    const { scenarios } = JSON.parse(readFileSync(SHARED, 'utf8')) as { readonly scenarios: readonly Scenario[] }
    const verdicts = scenarios.flatMap((scenario) => {
      const { said } = playScenario(scenario)
      return scenario.truth.map(({ epc, direction }) => ({ scenario: scenario.name, epc, direction, said: said(epc) }))
    })
    const right = verdicts.filter(({ direction, said }) => direction === said)
    const wrong = verdicts.filter(({ direction, said }) => direction !== said && !said.includes('uncertain'))
    console.info(`portal: ${right.length} of ${verdicts.length} tags right, ${wrong.length} wrong, the rest uncertain`)
    expect(wrong).toEqual([])
    expect(right.length / verdicts.length).toBeGreaterThanOrEqual(0.98)
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openReader } from '@lotkeeper/edge/readers/uhf/reader.ts'
import { openPort } from '@lotkeeper/edge/serial/port.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { openDoorway } from '../county/doorway.ts'
import { REAL_PARTS } from '../simulators/real-parts.ts'
import { playWords } from './simulate-words.ts'

const folder = mkdtempSync(join(tmpdir(), 'simulate-words-'))
const closes: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closes.splice(0).toReversed()) await close()
  rmSync(folder, { recursive: true, force: true })
})

const WAIT = { timeout: 15_000 }

test('somebody breaks the light barrier, an antenna is torn off and a clock set wrong while the reader goes on reading', async () => {
  const doorway = await openDoorway({ folder, seed: 1, wires: 'tcp', family: 'uhf288' })
  closes.push(doorway.close)
  const levels: (boolean | undefined)[] = []
  const reader = openReader(
    { ...REAL_PARTS, openPort },
    {
      ...{
        id: 'r',
        address: doorway.addresses.inside,
        family: 'uhf288',
        region: 'CN900',
        powerDbm: 24,
        session: 0,
        ports: [1],
        inputs: [1],
      },
    },
    { told: () => {}, state: () => {}, gap: () => {}, noise: () => {}, inputs: (told) => void levels.push(told.levels[1]) },
  )
  closes.push(reader.close)
  await vi.waitFor(() => expect(levels.length).toBeGreaterThan(2), WAIT)
  expect(levels.includes(true)).toBe(false)
  const { starts } = reader.state().counters
  expect(await playWords(doorway, ['beam', '2000'], 1)).toBe('ok')
  await vi.waitFor(() => expect(levels.at(-1)).toBe(false), WAIT)
  expect(levels.includes(true)).toBe(true)
  for (const words of [
    ['clock', '3600'],
    ['loose', '1'],
  ])
    expect(await playWords(doorway, words, 1)).toBe('ok')
  await vi.waitFor(() => expect(reader.state().conditions.map(({ code }) => code)).toEqual(['antenna-missing']), WAIT)
  expect(reader.state()).toMatchObject({ phase: 'reading', counters: { starts } })
})

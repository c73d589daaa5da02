import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type County, openCounty } from '@lotkeeper/deploy/county/county.ts'
import type { Township } from '@lotkeeper/deploy/county/township.ts'
import { DEMO_ITEMS, DEMO_SITES } from '@lotkeeper/deploy/demo/stock.ts'
import { test as base } from 'vitest'

/** A county of real processes, wires and broker in a folder of its own. */
export interface TestCounty extends County, AsyncDisposable {
  /** What a house wrote to its log since the county was opened, oldest first. */
  readonly logOf: (house: string) => readonly string[]
}

export interface TestCountySettings {
  /** Which of the demo's townships; all three when left out. */
  readonly nodes?: readonly string[]
  /** Environment of the nodes, looked at anew at every start of one. */
  readonly nodeEnv?: Readonly<Record<string, string>>
  /** Environment of the hub, looked at anew at every start. */
  readonly hubEnv?: Readonly<Record<string, string>>
}

/** Opens a county whose nodes know the catalogue; disposed, every process and device ends and the folder goes. */
export const openTestCounty = async ({ nodes, nodeEnv, hubEnv }: TestCountySettings = {}): Promise<TestCounty> => {
  const home = mkdtempSync(join(tmpdir(), 'lotkeeper-county-'))
  const logs = new Map<string, string[]>()
  const county = await openCounty({
    home,
    sites: DEMO_SITES.filter(({ node }) => nodes === undefined || nodes.includes(node)),
    ...(nodeEnv ? { nodeEnv } : {}),
    ...(hubEnv ? { hubEnv } : {}),
    onLog: (house, line) => {
      const log = logs.get(house) ?? []
      logs.set(house, log)
      log.push(line)
    },
  })
  const close = async () => {
    await county.close()
    rmSync(home, { recursive: true, force: true })
  }
  try {
    for (const town of county.townships) await untilTold(town)
  } catch (cause) {
    await close()
    throw cause
  }
  return { ...county, logOf: (house) => logs.get(house) ?? [], [Symbol.asyncDispose]: close }
}

/** Everything of the demo's catalogue has come down to a node. */
const untilTold = async (town: Township): Promise<void> => {
  const client = await town.client()
  await until(
    `${town.node} to know the catalogue`,
    async () => (await client.get('items', { limit: 500 })).rows.length,
    (items) => items === DEMO_ITEMS.length,
  )
}

/** `test` with a `county` that the tests of one file share: opened with the first, disposed after the last. */
export const countyTest = (given: TestCountySettings = {}) =>
  base.extend('settings', { scope: 'file' }, given).extend('county', { scope: 'file' }, async ({ settings }, { onCleanup }) => {
    const county = await openTestCounty(settings)
    onCleanup(() => county[Symbol.asyncDispose]())
    return county
  })

/** How long a journey waits for something, and how often it looks. */
export interface Patience {
  readonly withinMs?: number
  readonly everyMs?: number
}

/**
 * Looks until what is seen is so, and answers it. After the deadline throws what was awaited and what was seen last; a look that throws
 * (a house that is down) counts as seen.
 */
export const until = async <Seen>(
  awaited: string,
  look: () => Seen | Promise<Seen>,
  isSo: (seen: Seen) => boolean,
  { withinMs = 60_000, everyMs = 100 }: Patience = {},
): Promise<Seen> => {
  const endMs = performance.now() + withinMs
  for (;;) {
    const seen = await glance(look)
    if ('seen' in seen && isSo(seen.seen)) return seen.seen
    if (performance.now() > endMs) throw new Error(`waited ${withinMs} ms for ${awaited}; seen last: ${told(seen)}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

const glance = async <Seen>(look: () => Seen | Promise<Seen>): Promise<{ readonly seen: Seen } | { readonly thrown: unknown }> => {
  try {
    return { seen: await look() }
  } catch (thrown) {
    return { thrown }
  }
}

const told = (glanced: { readonly seen: unknown } | { readonly thrown: unknown }): string =>
  'seen' in glanced ? (JSON.stringify(glanced.seen, null, 1) ?? 'nothing').slice(0, TOLD_LENGTH_MAX) : String(glanced.thrown)

const TOLD_LENGTH_MAX = 4_000

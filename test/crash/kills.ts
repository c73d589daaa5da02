import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { type County, openCounty } from '@lotkeeper/deploy/county/county.ts'
import { DEMO_SITES } from '@lotkeeper/deploy/demo/stock.ts'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import { copyDatabase } from '@lotkeeper/deploy/verbs/verify-copy.ts'
import { readDatabase } from '@lotkeeper/edge/database.ts'
import { LEDGER_SHAPE } from '@lotkeeper/edge/ledger/schema.ts'
import { readDatabase as readHubDatabase } from '@lotkeeper/hub/database.ts'
import { LEDGER_FORM } from '@lotkeeper/hub/ledger/sqlite/form.ts'
import { breachesOf } from '../books.ts'
import { openScratch } from './scratch.ts'

/** What killing real processes came to. */
export interface KillReport {
  readonly kills: number
  readonly answers: number
  readonly perMinute: number
  readonly broken: readonly string[]
}

/**
 * Kills a hub and two nodes, each on its own and at any moment, also while it starts, while keepers and the county book without pause. After
 * each start every answer ever given is looked for in the file; at the end the books of all must be true.
 */
export const killMany = async (kills: number, seed: number, say: (line: string) => void): Promise<KillReport> => {
  using scratch = openScratch('kills')
  const county = await openCounty({ home: scratch.path, sites: DEMO_SITES.slice(0, 2), wires: 'tcp' })
  const from = performance.now()
  const answers = new Map<string, Answer[]>([['hub', []], ...county.townships.map(({ node }): [string, Answer[]] => [node, []])])
  const broken: string[] = []
  const ending = new AbortController()
  let left = kills
  try {
    const load = [...answers].map(([house, kept]) => bookOn(county, house, kept, ending.signal))
    const lives = [...answers].map(async ([house, kept], at) => {
      for (let turn = 0; left > 0; turn += 1) {
        left -= 1
        await liveAndDie(county, house, (...more) => chance(seed, at, turn, ...more))
        broken.push(...missing(county, house, kept))
        if (left % 50 === 0) say(`  ${kills - left} kills, ${sizes(answers)} answers, ${broken.length} broken`)
      }
    })
    await Promise.all(lives)
    ending.abort()
    await Promise.all(load)
    for (const [house, kept] of answers) broken.push(...missing(county, house, kept))
    const perMinute = Math.round(kills / ((performance.now() - from) / 60_000))
    broken.push(...(await breachesOf(county)))
    return { kills, answers: sizes(answers), perMinute, broken }
  } finally {
    ending.abort()
    await county.close()
  }
}

/** What somebody was told and will ask for: a place in a node's stream, with the hash it was told where the answer carries one; an act of the hub. */
type Answer =
  | { readonly stream: string; readonly epoch: string; readonly seq: number; readonly hash: string | null }
  | { readonly action: string }

const sizes = (answers: ReadonlyMap<string, readonly Answer[]>): number => [...answers.values()].reduce((sum, kept) => sum + kept.length, 0)

/** A while of work, then kill -9; sometimes the next life ends too before it is ready. */
const liveAndDie = async (county: County, house: string, luck: (...more: readonly number[]) => number): Promise<void> => {
  await pause(luck(1) * WORK_MS_MAX)
  await (house === 'hub' ? county.hub().kill() : county.township(house).kill())
  if (luck(2) < DIES_STARTING) await dieStarting(county, house, luck(3) * START_MS_MAX)
  await (house === 'hub' ? county.startHub() : county.township(house).start())
}
const WORK_MS_MAX = 700
const DIES_STARTING = 0.4
const START_MS_MAX = 1_200

const LOTKEEPER = fileURLToPath(import.meta.resolve('@lotkeeper/deploy/lotkeeper.js'))

const dieStarting = async (county: County, house: string, afterMs: number): Promise<void> => {
  const args = [LOTKEEPER, house === 'hub' ? 'hub' : 'edge', '--home', join(county.home, house)]
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  const gone = new Promise((resolve) => child.once('close', resolve))
  await pause(afterMs)
  child.kill('SIGKILL')
  await gone
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Books one act after another; without an answer the same act again. */
const bookOn = async (county: County, house: string, kept: Answer[], signal: AbortSignal): Promise<void> => {
  for (let action = newAction(); !signal.aborted; ) {
    const told = await (house === 'hub' ? writeOne(county, action) : bookOne(county, house, action)).catch(() => null)
    if (told === null) await pause(40)
    else {
      kept.push(...told)
      action = newAction()
      await pause(house === 'hub' ? 60 : 15)
    }
  }
}

const bookOne = async (county: County, node: string, action: string): Promise<readonly Answer[]> => {
  const receipt = {
    action,
    item: 'gauze-10x10',
    lotNumber: 'B1',
    expiry: '2030-01-31',
    room: 'main',
    quantity: 1,
    pack: '盒',
    anotherBox: true,
  }
  const client = await county.township(node).client()
  const { entries, head } = await client.get('receive', receipt)
  return [...entries.map(answerOf), { stream: `${node}>*`, ...head }]
}

const writeOne = async (county: County, action: string): Promise<readonly Answer[]> => {
  const client = await county.hubClient()
  const tag = action.replaceAll('-', '').slice(-12).toUpperCase()
  const boxes = [{ epc: `30${'0'.repeat(10)}${tag}`, item: 'gauze-10x10', lotNumber: 'B1', expiry: '2030-01-31', pack: '盒' }]
  await client.get('registerTags', { action, site: county.townships[0]?.node ?? '', doc: null, tags: boxes })
  return [{ action }]
}

const answerOf = (entry: string): Answer => {
  const [stream = '', epoch = '', seq = ''] = entry.split('/')
  return { stream, epoch, seq: Number(seq), hash: null }
}

/** Answers that the file of a house does not hold, as it was left by the last kill and opened by the life that runs now. */
const missing = (county: County, house: string, answers: readonly Answer[]): readonly string[] => {
  const file = join(county.home, house, house === 'hub' ? 'hub.sqlite' : 'node.sqlite')
  const told = [...answers]
  using copy = copyDatabase(file)
  if (copy === null) return [`${house} writes faster than its file can be copied`]
  const db = house === 'hub' ? readHubDatabase(copy.path, LEDGER_FORM) : readDatabase(copy.path, LEDGER_SHAPE)
  try {
    const hashAt = db
      .prepare<[string, string, number], string>('select hex(hash) from log where stream = ? and epoch = ? and seq = ?')
      .pluck()
    const acts = house === 'hub' ? db.prepare<[string], number>('select count(*) from acted where action = ?').pluck() : null
    return told.flatMap((answer) => {
      if ('action' in answer) return acts?.get(answer.action) === 1 ? [] : [`${house}: the answered act ${answer.action} is gone`]
      const { stream, epoch, seq, hash } = answer
      const held = hashAt.get(stream, epoch, seq)
      return held !== undefined && (hash === null || held === hash) ? [] : [`${house}: the answered ${stream}/${epoch}/${seq} is gone`]
    })
  } finally {
    db.close()
  }
}

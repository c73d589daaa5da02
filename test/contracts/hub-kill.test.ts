import { type ChildProcess, fork } from 'node:child_process'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { expect, test } from 'vitest'
import type { TestWriter } from '../writer.ts'
import { book, type LedgerCounty, LOT, line, openCounty, ROOM, TRANSIT } from './hub-county.ts'
import type { KillOrder } from './hub-kill.ts'

const KILLS = 12
const SEED = 7

test(`a hub killed ${KILLS} times in the middle of its commits holds everything it ever answered, once`, { timeout: 180_000 }, async () => {
  const county = openCounty(() => Promise.reject(new Error('opened by another process')))
  const signingKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const writer = county.writer('qinglong')
  for (let count = 0; count < 6_000; count += 1) book(writer, 'receive', line(LOT, TRANSIT, ROOM, 1))
  let answered = 0
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const hub = await openHub(county, signingKey, kill)
      // What was answered is there; what is there beyond it was committed just before the kill.
      expect(hub.held()).toBeGreaterThanOrEqual(answered)
      answered = await feed(hub, writer, 20 + (dice(kill) % 120))
    }
    const last = await openHub(county, signingKey, KILLS)
    expect(last.held()).toBeGreaterThanOrEqual(answered)
    expect(answered).toBeGreaterThan(KILLS)
    const held = last.held()
    last.child.kill('SIGKILL')
    await last.gone
    expect(county.look('select count(*) as rows, max(seq) as last, sum(seq) as sum from log')).toEqual([
      { rows: held, last: held, sum: (held * (held + 1)) / 2 },
    ])
    expect(county.look(`select units from position where place = '${ROOM}'`)).toEqual([{ units: held - 1 }])
    expect(county.look('select count(*) as movements from movement')).toEqual([{ movements: held - 1 }])
  } finally {
    await county.drop()
  }
})

interface Hub {
  readonly child: ChildProcess
  readonly held: () => number
  readonly gone: Promise<unknown>
  readonly send: (payload: string) => Promise<boolean>
}

const openHub = async (county: LedgerCounty, signingKey: string, turn: number): Promise<Hub> => {
  const child = fork(fileURLToPath(new URL('./hub-kill.ts', import.meta.url)), { execArgv: [] })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  let held = 0
  let heard: (() => void) | null = null
  child.on('message', (said: { readonly held: number }) => {
    held = said.held
    heard?.()
  })
  const answer = (): Promise<boolean> =>
    Promise.race([new Promise<boolean>((resolve) => (heard = () => resolve(true))), gone.then(() => false)])
  const ready = answer()
  const order: KillOrder = {
    file: county.file,
    countyKey: Buffer.from(county.countyKey).toString('base64url'),
    signingKey,
    epoch: turn.toString(16).padStart(16, 'c'),
    certificates: [county.certificateOf('qinglong')],
  }
  child.send(order)
  if (!(await ready)) throw new Error('the hub did not open')
  const send = async (payload: string) => {
    const next = answer()
    child.send(payload, () => {})
    return next
  }
  return { child, held: () => held, gone, send }
}

/**
 * Sends small batches from where the hub stands until it is gone, killed so long after its first answer: on the slowest disk each life answers
 * something. Answers the last number it said it holds.
 */
const feed = async (hub: Hub, writer: TestWriter, lifeMs: number): Promise<number> => {
  const next = async (): Promise<boolean> => {
    const from = hub.held() + 1
    if (from > writer.texts.length) return false
    const upto = Math.min(writer.texts.length, from + 4)
    return hub.send(writeBatch(writer.batch(from, upto), { source: '/nodes/qinglong', time: '2026-11-22T01:02:04.000Z' }))
  }
  let sent = await next()
  setTimeout(() => hub.child.kill('SIGKILL'), lifeMs)
  while (sent) sent = await next()
  await hub.gone
  return hub.held()
}

const dice = (turn: number): number => createHash('sha256').update(`${SEED} ${turn}`).digest().readUInt32BE(0)

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogRow, SealRow } from '@lotkeeper/protocol/ledger/stored.ts'
import { verifyLedger } from '@lotkeeper/protocol/ledger/verify.ts'
import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import { afterEach, expect, test } from 'vitest'
import { crypto, NODE, openBench } from './fixtures/bench.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A process that books without pause and says each answer aloud, killed in the middle of it. */
const bookUntilKilled = async (path: string, life: number): Promise<readonly string[]> => {
  const script = `
    import { draft, line, NODE, openBench } from ${JSON.stringify(join(import.meta.dirname, 'fixtures/bench.ts'))}
    import { writeSync } from 'node:fs'
    const { ledger } = openBench({ path: ${JSON.stringify(path)} })
    for (let at = 0; ; at += 1) {
      const lines = [line('gauze/B1', NODE + '/~transit', NODE + '/main/pending', 1)]
      const booked = ledger.book({ action: 'life-${life}-' + at, act: 'a' }, () => [draft('receive', {}, { lines })])
      const { epoch, seq, hash } = booked.head
      if (at % 7 === 0) ledger.exchange.batch({ stream: NODE + '>*', epoch, from: 1, upto: seq })
      writeSync(1, epoch + ' ' + seq + ' ' + hash + '\\n')
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (said.length > 2_000 + life * 900) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return said.split('\n').slice(0, -1)
}

/** Hundreds of commits, each flushed, on a busy disk. */
const PATIENCE_MS = 120_000

test('kill -9 in the middle of work: every answered commit survives, and the chain holds from end to end', {
  timeout: PATIENCE_MS,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-crash-'))
  folders.push(folder)
  const path = join(folder, 'node.sqlite')
  const answered: string[] = []
  for (let life = 1; life <= 3; life += 1) answered.push(...(await bookUntilKilled(path, life)))
  const { ledger, db } = openBench({ path })
  expect(answered.length).toBeGreaterThan(50)
  const lost = answered.filter((text) => {
    const [epoch = '', seq = '', hash = ''] = text.split(' ')
    return !ledger.holds({ epoch, seq: Number(seq), hash })
  })
  expect(lost).toEqual([])
  expect(ledger.rebuild()).toEqual([])
  expect(ledger.exchange.tips([streamOfNode(NODE)])).toHaveLength(4)
  const rows = db.prepare<[], Omit<LogRow, 'applied' | 'late'>>(
    'select stream, epoch, seq, hash, body, at as ord, kind, kept_at as receivedAtMs from log order by stream, epoch, seq',
  )
  const seals = db.prepare<[], Omit<SealRow, 'publicKey'>>(
    'select stream, epoch, upto_seq as upto, head_hash as headHash, key, sig as signature from batch_signature order by stream, epoch, upto_seq',
  )
  const hash = db.prepare<[string, string, number], Uint8Array>('select hash from log where stream = ? and epoch = ? and seq = ?').pluck()
  const verdict = verifyLedger(crypto, {
    log: [...Map.groupBy(rows.all(), ({ epoch }) => epoch).values()].map((piece) =>
      piece.map((row) => ({ ...row, applied: true, late: false })),
    ),
    order: { last: rows.all().length, dense: true },
    certificates: [],
    lostEffects: 0,
    heldAt: null,
    trees: null,
    hub: null,
    witnessed: [],
    tips: ledger.exchange.tips([streamOfNode(NODE)]),
    seals: seals.all().map((seal) => ({ ...seal, publicKey: null })),
    positions: ledger.read.positions(),
    hashAt: (stream, epoch, seq) => hash.get(stream, epoch, seq) ?? null,
  })
  expect(verdict).toMatchObject({ epochs: 4, lots: 1, findings: [] })
  expect(verdict.seals).toBeGreaterThan(5)
  ledger.close()
})

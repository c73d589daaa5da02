import { generateKeyPairSync } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCatalog } from '@lotkeeper/hub/catalog/catalog.ts'
import { rawPublicKey } from '@lotkeeper/hub/crypto.ts'
import { openImports } from '@lotkeeper/hub/imports/imports.ts'
import { openLedgerThread } from '@lotkeeper/hub/ledger/thread.ts'
import type { TableImport } from '@lotkeeper/protocol/api/hub-imports.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'

/**
 * One table of items from its upload to its undoing, with a county's real ledger on the disk, in a process of its own, so that its memory is its
 * own: `<table> <the same rows in another file> <folder>`. Says one line of JSON when it is done; every step is told as it ends.
 */
const main = async ([table = '', other = '', folder = '']: readonly string[]): Promise<void> => {
  const signingKey = generateKeyPairSync('ed25519').privateKey
  const facts = { epoch: '00000000000000be', zone: 'Asia/Shanghai', software: 'bench', transitDueMs: 86_400_000 }
  const order = { file: join(folder, 'hub.sqlite'), mbMax: null, countyKey: rawPublicKey(signingKey), signingKey, ...facts }
  const ledger = await openLedgerThread(order, broken)
  const catalog = openCatalog(ledger)
  const staged = { file: join(folder, 'imports.sqlite'), ledger, catalog, now: Date.now, timers: { after }, note: broken }
  const imports = openImports(staged)
  const stall = watchStalls()
  const timed = async (begin: () => Promise<TableImport | Refusal> | TableImport | Refusal, state: TableImport['state']) => {
    const [from, usedBefore] = [performance.now(), process.cpuUsage()]
    const begun = await begin()
    if (isRefusal(begun)) throw new Error(begun.en)
    await imports.settled()
    const ended = imports.show({ import: begun.import })
    if (isRefusal(ended) || ended.state !== state) throw new Error(JSON.stringify(ended))
    const used = process.cpuUsage(usedBefore)
    const cost = { ms: performance.now() - from, cpuMs: (used.user + used.system) / 1_000, stallMs: stall.worst(), peakMb: peakMb() }
    process.stderr.write(`    ${state}: ${JSON.stringify(cost)}\n`)
    return { ...cost, import: begun.import }
  }
  const preview = await timed(() => imports.receive(createReadStream(table), { kind: 'items', name: 'bench' }, 'county'), 'ready')
  const commit = await timed(() => imports.commit({ action: 'bench-commit', import: preview.import }), 'done')
  // The same again: every row is found and found to be the same.
  const again = await timed(() => imports.receive(createReadStream(other), { kind: 'items', name: 'bench' }, 'county'), 'ready')
  const undo = await timed(() => imports.undo({ action: 'bench-undo', import: preview.import }), 'undone')
  stall.end()
  process.stdout.write(`${JSON.stringify({ preview, commit, again, undo })}\n`)
  await imports.close()
  await ledger.close()
}

const broken = (why: unknown): never => {
  throw why
}

const after = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

const peakMb = (): number => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024

/** How long anybody else had to wait at most since it was asked last: the hub answers pages beside an import. */
const watchStalls = () => {
  let last = performance.now()
  let worst = 0
  const timer = setInterval(() => {
    const now = performance.now()
    worst = Math.max(worst, now - last - LOOK_MS)
    last = now
  }, LOOK_MS)
  return {
    worst: () => {
      const was = worst
      worst = 0
      return was
    },
    end: () => clearInterval(timer),
  }
}
const LOOK_MS = 10

await main(process.argv.slice(2))

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { NODE, openBench } from './fixtures/bench.ts'

const ending: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

/** A ledger in a process of its own: `open`, `book` and `read` on its stdin are answered on its stdout. */
const openChild = (path: string) => {
  const script = `
    import { createInterface } from 'node:readline'
    import { draft, line, NODE, openBench } from ${JSON.stringify(join(import.meta.dirname, 'fixtures/bench.ts'))}
    let ledger = null
    const pending = NODE + '/main/pending'
    let booked = 0
    for await (const word of createInterface({ input: process.stdin })) {
      if (word === 'open') {
        ledger = openBench({ path: ${JSON.stringify(path)} }).ledger
        console.log('open')
      }
      if (word === 'read') console.log(ledger.read.units('gauze/B1', pending) + ' ' + ledger.disk())
      if (word !== 'book') continue
      const lines = Array.from({ length: 60 }, () => line('gauze/B1', NODE + '/~transit', pending, 1))
      const answer = ledger.book({ action: process.pid + '-' + booked, act: 'a' }, () => [draft('receive', {}, { lines })])
      if (!('refused' in answer)) booked += 1
      console.log('refused' in answer ? answer.code : 'booked')
    }
    ledger.close()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const gone = once(child, 'close')
  ending.push(async () => {
    child.kill('SIGKILL')
    await gone
  })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    ask: async (word: string): Promise<string> => {
      child.stdin.write(`${word}\n`)
      return String((await answers.next()).value)
    },
    /** The kernel refuses every write beyond so many bytes of a file with EFBIG; the hard limit stays. */
    limit: (bytes: string) => execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}:`]),
    end: async () => {
      child.stdin.end()
      await gone
    },
  }
}

test('a disk that fails to write refuses bookings and reads on, nothing is half-written, and it goes on when the disk does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-disk-'))
  ending.push(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'node.sqlite')
  const { ask, limit, end } = openChild(path)
  expect([await ask('open'), await ask('book'), await ask('book'), await ask('read')]).toEqual(['open', 'booked', 'booked', '120 ok'])
  limit('16384')
  expect([await ask('book'), await ask('book'), await ask('read')]).toEqual(['ledger.disk-failed', 'ledger.disk-failed', '120 failed'])
  limit('unlimited')
  expect([await ask('book'), await ask('read')]).toEqual(['booked', '180 ok'])
  limit('40000')
  expect([await ask('book'), await ask('read')]).toEqual(['ledger.disk-failed', '180 failed'])
  limit('unlimited')
  await end()
  const again = openChild(path)
  again.limit('4096')
  expect([await again.ask('open'), await again.ask('read'), await again.ask('book')]).toEqual(['open', '180 failed', 'ledger.disk-failed'])
  again.limit('unlimited')
  expect([await again.ask('book'), await again.ask('read')]).toEqual(['booked', '240 ok'])
  await again.end()
  const { ledger } = openBench({ path })
  expect(ledger.read.units('gauze/B1', `${NODE}/main/pending`)).toBe(240)
  expect(ledger.rebuild()).toEqual([])
  ledger.close()
})

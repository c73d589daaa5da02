import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCrypto } from '../crypto.ts'
import { openKeys } from './keys.ts'
import { LOOK_MS, openUpkeep } from './upkeep.ts'

const NOW = Date.parse('2026-11-22T00:00:00.000Z')
const DAY_MS = 86_400_000
let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'upkeep-'))
})
afterEach(() => rmSync(home, { recursive: true }))

test("the hub's own certificate is renewed while it runs, once two thirds of its life are over, under the same key", async () => {
  const keys = await openKeys(home, openCrypto(), ['hub.lan'], NOW)
  let now = NOW
  let due = () => {}
  let looks = 0
  const [shown, failed]: [string[], unknown[]] = [[], []]
  const timers = {
    after: (ms: number, run: () => void) => {
      expect(ms).toBe(LOOK_MS)
      due = run
      return () => {}
    },
  }
  const on = {
    shown: (chain: string) => void shown.push(chain),
    look: () => {
      looks += 1
    },
    failed: (why: unknown) => void failed.push(why),
  }
  const upkeep = openUpkeep({ clock: { now: () => now, monotonic: () => now }, timers }, keys, on)
  const lookAt = async (days: number) => {
    now = NOW + days * DAY_MS
    const before = looks
    due()
    await expect.poll(() => looks).toBe(before + 1)
    return shown.length
  }
  expect([await lookAt(1), await lookAt(260), await lookAt(270), await lookAt(271)]).toEqual([0, 0, 1, 1])
  const [before, after] = [new X509Certificate(keys.tls.certificate), new X509Certificate(shown[0] ?? '')]
  expect(after.publicKey.equals(before.publicKey)).toBe(true)
  expect(Math.round((after.validToDate.getTime() - now) / DAY_MS)).toBe(397)
  // A node whose clock stopped long before the renewal still takes it; a browser still takes so long a life.
  expect(after.validFromDate.getTime()).toBeLessThan(NOW)
  expect((after.validToDate.getTime() - after.validFromDate.getTime()) / DAY_MS).toBeLessThan(825)
  expect(failed).toEqual([])
  upkeep.close()
})

import { generateKeyPairSync } from 'node:crypto'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { openCrypto, rawPublicKey, signerOf } from '../../crypto.ts'
import { openDatabase } from '../../database.ts'
import { openLedgerCore } from './core.ts'
import { LEDGER_FORM } from './form.ts'
import { openUnsaid } from './unsaid.ts'

const draft = (subject: string) =>
  ({ kind: 'two-hubs', site: subject, subject, entry: null, atMs: 7, facts: { incarnation: 1, obeyed: 2 } }) as const

/** A hub whose disk has room when the test says so. */
const openRig = () => {
  const crypto = openCrypto()
  const key = generateKeyPairSync('ed25519').privateKey
  const opened = openDatabase(':memory:', LEDGER_FORM)
  const disk = { room: false }
  const core = openLedgerCore(
    { ...opened, reserved: false, keepReserve: () => disk.room },
    {
      ...{ crypto, signer: signerOf(crypto, key), countyKey: rawPublicKey(key), epoch: '00000000000000ff', now: () => 7, upMs: () => 7 },
      ...{ zone: 'Asia/Shanghai', software: 'test', transitDueMs: 86_400_000 },
    },
  )
  const open = () => {
    const page = core.ask.discrepancies({})
    if (isRefusal(page)) throw new Error(page.en)
    return page.rows.filter(({ closedAt }) => closedAt === null).map(({ kind, site }) => `${kind} ${site}`)
  }
  return { core, disk, open }
}

test('what finds no room is named with the first commit that finds some, once', () => {
  const { core, disk, open } = openRig()
  for (const site of ['qinglong', 'baihe', 'qinglong', 'shuanghe']) expect(core.openDiscrepancy(draft(site))).toBe(false)
  core.closeDiscrepancy('two-hubs', 'baihe', 8)
  expect(open()).toEqual(['disk-full null'])
  disk.room = true
  core.sweep(9)
  expect(open().toSorted()).toEqual(['two-hubs qinglong', 'two-hubs shuanghe'])
  core.closeDiscrepancy('two-hubs', 'qinglong', 10)
  core.sweep(11)
  expect([open(), core.openDiscrepancy(draft('qinglong'))]).toEqual([['two-hubs shuanghe'], true])
  core.shut()
})

test('a commit that is rolled back has said nothing', () => {
  const said: string[] = []
  const unsaid = openUnsaid({ open: ({ subject }) => void said.push(subject) })
  unsaid.wait(draft('qinglong'))
  unsaid.say()
  unsaid.forget()
  unsaid.said()
  unsaid.say()
  unsaid.said()
  unsaid.say()
  expect(said).toEqual(['qinglong', 'qinglong'])
})

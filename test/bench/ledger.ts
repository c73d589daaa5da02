import { openCrypto, signerOf } from '@lotkeeper/hub/crypto.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import type { HubLedger, Parcel } from '@lotkeeper/hub/ledger/contract.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { type OpenHubLedger, openCounty, taken } from '../contracts/hub-county.ts'
import { type Bench, median } from './figures.ts'
import { insertBare } from './limit.ts'
import { openFolder } from './machine.ts'
import { type Load, makeLoad } from './workload.ts'

/** The hub's ledger alone, without broker and thread: taking new entries, and being offered all of them again. */
export const ledger: Bench = {
  name: 'ledger',
  what: { zh: '县中心账本单独', en: 'the ledger of the hub alone' },
  run: async (scope, say) => {
    const fresh: number[] = []
    const again: number[] = []
    const bare: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const county = openCounty(here)
      scope.defer(county.drop)
      const loads = NODES.map((node) => makeLoad(node, county.signerOf(node), EPOCH, null, BATCHES))
      const opened = await county.open()
      for (const node of NODES) await opened.keepCertificate(node, county.certificateOf(node))
      const groups = groupsOf(loads)
      const entries = loads.reduce((sum, load) => sum + load.entries, 0)
      fresh.push(await rateOf(opened, groups, entries, 'taken'))
      again.push(await rateOf(opened, groups, entries, 'duplicate'))
      bare.push(insertBare(openFolder(scope), loads, NODES.length * 64))
      await county.close()
      say(`${round + 1}/${ROUNDS}: ${Math.round(fresh.at(-1) ?? 0)} /s, ${Math.round(again.at(-1) ?? 0)} /s`)
    }
    const limit = { name: { zh: '裸插入', en: 'bare inserts' }, measured: median('/s', bare) }
    return [
      { what: { zh: '账本收新记录', en: 'the ledger takes new entries' }, ours: median('/s', fresh), beside: [limit] },
      { what: { zh: '账本认出重复', en: 'the ledger sees duplicates' }, ours: median('/s', again), goal: { is: '≥', value: 200_000 } },
    ]
  },
}

const ROUNDS = 3
const NODES = ['baisha', 'heishi', 'hongqi', 'liushu', 'lvshui', 'qinglong', 'shuanghe', 'xiaohe']
const BATCHES = 40
const EPOCH = '00000000000000aa'

const here: OpenHubLedger = async ({ file, mbMax, countyKey, signingKey, epoch }) => {
  const crypto = openCrypto()
  const opened = openDatabase(file, { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA }, mbMax)
  const facts = { zone: 'Asia/Shanghai', software: 'bench', transitDueMs: 3 * 86_400_000 }
  const clock = { now: Date.now, upMs: () => performance.now() }
  return openLedgerHere(opened, { crypto, signer: signerOf(crypto, signingKey), countyKey, epoch, ...clock, ...facts })
}

/** One batch of every node to a commit, as the hub's intake gathers them. */
const groupsOf = (loads: readonly Load[]): readonly (readonly Parcel[])[] =>
  Array.from({ length: BATCHES }, (_, at) =>
    loads.map(({ node, payloads }) => ({ node, payload: Buffer.from(payloads[at] ?? ''), receivedAtMs: Date.now() })),
  )

const rateOf = async (
  opened: HubLedger,
  groups: readonly (readonly Parcel[])[],
  entries: number,
  judgement: 'taken' | 'duplicate',
): Promise<number> => {
  const from = performance.now()
  for (const group of groups) {
    const outcomes = await taken(opened, ...group)
    const other = outcomes.find((outcome) => outcome.judgement !== judgement)
    if (other) throw new Error(`${other.node}: ${other.judgement}`)
  }
  return (entries / (performance.now() - from)) * 1_000
}

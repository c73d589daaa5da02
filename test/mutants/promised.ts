import { openCrypto, signerOf } from '@lotkeeper/hub/crypto.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { LEDGER_FORM } from '@lotkeeper/hub/ledger/sqlite/form.ts'
import { openCounty } from '../contracts/hub-county.ts'
import { HUB_LEDGER_PROMISES } from '../contracts/hub-ledger.ts'
import { HUB_BOOK_PROMISES } from '../contracts/hub-ledger-books.ts'
import { HUB_DESPATCH_PROMISES } from '../contracts/hub-ledger-despatch.ts'
import { HUB_EXCHANGE_PROMISES } from '../contracts/hub-ledger-exchange.ts'
import { HUB_HOLE_PROMISES } from '../contracts/hub-ledger-holes.ts'
import { HUB_MODEL_PROMISES } from '../contracts/hub-ledger-model.ts'
import { NODE_PROMISES } from './node-promises.ts'

/** Runs one promise of a ledger outside of the test runner; answers how it was broken, or nothing. */
export const keepsPromise = async (name: string): Promise<readonly string[]> => {
  const ofNode = NODE_PROMISES[name]
  if (ofNode) return brokenBy(ofNode())
  const promise = {
    ...HUB_LEDGER_PROMISES,
    ...HUB_BOOK_PROMISES,
    ...HUB_HOLE_PROMISES,
    ...HUB_DESPATCH_PROMISES,
    ...HUB_EXCHANGE_PROMISES,
    ...HUB_MODEL_PROMISES,
  }[name]
  if (!promise) throw new Error(`no ledger promises that it ${name}`)
  const crypto = openCrypto()
  const county = openCounty(async ({ file, mbMax, countyKey, signingKey, epoch }) => {
    const opened = openDatabase(file, LEDGER_FORM, mbMax)
    const facts = { zone: 'Asia/Shanghai', software: '0.1.0', transitDueMs: 3 * 86_400_000, now: Date.now, upMs: () => performance.now() }
    return openLedgerHere(opened, { crypto, signer: signerOf(crypto, signingKey), countyKey, epoch, ...facts })
  })
  try {
    return await brokenBy(promise(county))
  } finally {
    await county.drop()
  }
}

const brokenBy = async (kept: Promise<void>): Promise<readonly string[]> => {
  try {
    await kept
    return []
  } catch (thrown) {
    return [thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown)]
  }
}

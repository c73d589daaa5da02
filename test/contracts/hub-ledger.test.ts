import { openCrypto, signerOf } from '@lotkeeper/hub/crypto.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { openLedgerThread } from '@lotkeeper/hub/ledger/thread.ts'
import { describe, test } from 'vitest'
import { type OpenHubLedger, openCounty } from './hub-county.ts'
import { HUB_LEDGER_PROMISES } from './hub-ledger.ts'
import { HUB_BOOK_PROMISES } from './hub-ledger-books.ts'
import { HUB_DESPATCH_PROMISES } from './hub-ledger-despatch.ts'
import { HUB_EXCHANGE_PROMISES } from './hub-ledger-exchange.ts'
import { HUB_HOLE_PROMISES } from './hub-ledger-holes.ts'
import { HUB_MODEL_PROMISES } from './hub-ledger-model.ts'

const FACTS = { zone: 'Asia/Shanghai', software: '0.1.0', transitDueMs: 3 * 86_400_000 }

const here: OpenHubLedger = async ({ file, mbMax, countyKey, signingKey, epoch, secondCopy }) => {
  const crypto = openCrypto()
  const opened = openDatabase(file, { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA }, mbMax)
  const clock = { now: Date.now, upMs: () => performance.now() }
  return openLedgerHere(opened, { crypto, signer: signerOf(crypto, signingKey), countyKey, epoch, secondCopy, ...clock, ...FACTS })
}
const inThread: OpenHubLedger = (order) =>
  openLedgerThread({ ...order, ...FACTS }, (why) => {
    throw why
  })

const PROMISES = {
  ...HUB_LEDGER_PROMISES,
  ...HUB_BOOK_PROMISES,
  ...HUB_HOLE_PROMISES,
  ...HUB_EXCHANGE_PROMISES,
  ...HUB_DESPATCH_PROMISES,
}

// The model is folded by the same code on either side of the thread, and a thread of its own takes seconds to start.
describe.each([
  ['in this thread', here, { ...PROMISES, ...HUB_MODEL_PROMISES }],
  ['in a thread of its own', inThread, PROMISES],
])('the hub ledger %s', (_where, build, promises) => {
  test.each(Object.entries(promises))('%s', async (_name, promise) => {
    const county = openCounty(build)
    try {
      await promise(county)
    } finally {
      await county.drop()
    }
  })
})

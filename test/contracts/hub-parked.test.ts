import { createPrivateKey } from 'node:crypto'
import { openCrypto, rawPublicKey, signerOf } from '@lotkeeper/hub/crypto.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import { LEDGER_FORM } from '@lotkeeper/hub/ledger/sqlite/form.ts'
import { unparkAll } from '@lotkeeper/hub/ledger/sqlite/parked.ts'
import { openRooms } from '@lotkeeper/hub/ledger/sqlite/rooms.ts'
import { refuse } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { openCounty, parcelOf } from './hub-county.ts'

test('what is parked waits for room on the disk, and takes effect when there is some', () => {
  const county = openCounty(() => Promise.reject(new Error('only its keys are wanted')))
  const crypto = openCrypto()
  const key = createPrivateKey({ key: Buffer.concat([DER, Buffer.alloc(32, 7)]), format: 'der', type: 'pkcs8' })
  const opened = openDatabase(':memory:', LEDGER_FORM)
  const rooms = openRooms(opened, {
    ...{ crypto, signer: { ...signerOf(crypto, key), publicKey: rawPublicKey(key) }, countyKey: county.countyKey },
    ...{ epoch: '00000000000000ff', now: () => 7, upMs: () => 7, zone: 'Asia/Shanghai', software: 'test', transitDueMs: 86_400_000 },
  })
  const writer = county.writer('qinglong')
  writer.add({ kind: 'gap', body: { device: 'door-1', from: AT, to: AT, why: 'unplugged' } })
  rooms.keep(county.certificateOf('qinglong'))
  const commit = (run: () => unknown) => {
    const answer = run()
    rooms.fold.flush()
    rooms.log.flush()
    return answer
  }
  expect(commit(() => rooms.take.one(parcelOf('qinglong', writer, 1), false))).toMatchObject({ judgement: 'taken' })
  const applied = () => rooms.log.tip('qinglong>*', '00000000000000aa')?.applied
  expect([unparkAll(rooms.log, rooms.append, () => refuse('ledger.disk-full')), applied()]).toEqual([false, 0])
  expect(rooms.asides.page({})).toMatchObject({ rows: [{ is: 'parked', code: 'parked.room', again: 'room', from: 1, upto: 2 }] })
  expect([unparkAll(rooms.log, rooms.append, commit), applied()]).toEqual([true, 2])
  opened.close()
})

const AT = '2026-11-22T01:02:03.004Z'
/** An Ed25519 key in PKCS#8, before its seed [RFC 8410 7]. */
const DER = Buffer.from('302e020100300506032b657004220420', 'hex')

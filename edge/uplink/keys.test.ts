import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import { signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { expect, test } from 'vitest'
import { makeSigningKey, openSigner } from '../crypto.ts'
import { crypto, NODE, NOON_MS, openBench, openTestHub } from '../ledger/fixtures/bench.ts'
import { openKeyring } from './keys.ts'

const county = openSigner(crypto, makeSigningKey())
const certify = (subject: string, key: ReturnType<typeof openSigner>, serial: number, by = county) =>
  signCertificate(crypto, by, {
    ...{
      v: 1,
      subject,
      role: subject === 'hub' ? 'hub' : 'node',
      alg: 'Ed25519',
      signingKey: base64urlOf(key.publicKey),
      tlsKey: String(serial).repeat(64),
    },
    ...{ from: new Date(NOON_MS).toISOString(), serial, incarnation: subject === 'hub' ? serial : 0, issuer: county.key },
  })

test('a key counts for the writer the county certified it for, through rotation and until it is revoked', () => {
  const { ledger } = openBench()
  const [first, second, own, forger] = [0, 1, 2, 3].map(() => openSigner(crypto, makeSigningKey())) as [
    typeof county,
    typeof county,
    typeof county,
    typeof county,
  ]
  const keyring = openKeyring(
    crypto,
    { countyKey: county.publicKey, certificates: [certify(NODE, own, 1), certify('hub', first, 1)] },
    ledger.exchange,
  )
  const hub = openTestHub()
  const rotated = certify('hub', second, 2)
  const seen = () => [
    keyring.keyFor('hub>all', first.key),
    keyring.keyFor('hub>all', second.key),
    keyring.keyFor(`${NODE}>*`, own.key),
    keyring.keyFor('hub>all', own.key),
    keyring.keyFor('hub>all', forger.key),
  ]
  expect(seen()).toEqual([first.publicKey, 'unknown', own.publicKey, 'unknown', 'unknown'])
  hub.write('hub>all', 'certificate', certify('hub', forger, 9, forger))
  hub.write('hub>all', 'certificate', rotated)
  hub.tell(ledger)
  expect(seen()).toEqual([first.publicKey, second.publicKey, own.publicKey, 'unknown', 'unknown'])
  expect(keyring.hub().map(({ tlsKey }) => tlsKey[0])).toEqual(['1', '2'])
  hub.write('hub>all', 'revoke', { node: 'hub', key: first.key, reason: 'lost' })
  hub.tell(ledger)
  expect(seen().slice(0, 2)).toEqual(['revoked', second.publicKey])
  expect(keyring.hub()).toHaveLength(1)
  hub.write('hub>all', 'revoke', { node: NODE, key: own.key, reason: 'a card replaced' })
  hub.tell(ledger)
  expect(ledger.exchange.revoked()).toContain(own.key)
  expect(keyring.keyFor(`${NODE}>*`, own.key)).toEqual(own.publicKey)
  expect(keyring.learn(certify('hub', forger, 3, forger))).toBeNull()
})

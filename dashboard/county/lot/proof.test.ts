import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { leafHash, nodeHash } from '@lotkeeper/protocol/ledger/tree.ts'
import { expect, it } from 'vitest'
import { sha256 } from '../../parts/sha256.ts'
import { proofHolds, signedBy } from './proof.ts'

const parts = { sha256 }
const leaves = [1, 2, 3].map((one) => leafHash(parts, Uint8Array.of(one)))
const [one, two, three] = leaves as [Uint8Array, Uint8Array, Uint8Array]
const pair = nodeHash(parts, one, two)
const root = hexOf(nodeHash(parts, pair, three))
const EPOCH = '00112233445566aa'
const PROOF = {
  ...{ entry: `aa>*/${EPOCH}/1`, epoch: EPOCH, index: 1, size: 3, leaf: hexOf(two), root },
  path: [hexOf(one), hexOf(three)],
}
const textOf = (size: number, epoch: string): string => {
  const base64 = btoa(String.fromCharCode(...(bytesOfHex(root) ?? [])))
  return `lotkeeper/x/${epoch}\n${size}\n${base64}\n\n\u2014 lotkeeper/x/${epoch} ${btoa('abcdsignature')}\n`
}
const checkpoint = (size: number, epoch = EPOCH) => ({ epoch, size: 3, root, text: textOf(size, epoch) })

it('holds for the leaf it was made for', () => expect(proofHolds(PROOF)).toBe(true))
it.each([
  ['another leaf', { leaf: hexOf(one) }],
  ['another place', { index: 0 }],
  ['another size', { size: 5 }],
  ['another root', { root: hexOf(pair) }],
  ['a path cut short', { path: [hexOf(one)] }],
  ['what is no hash', { path: [hexOf(one), 'ZZ'] }],
])('does not hold for %s', (_what, change) => expect(proofHolds({ ...PROOF, ...change })).toBe(false))
it('says how it stands to what was signed', () => {
  expect(signedBy(PROOF, checkpoint(3))).toEqual({ is: 'signed', size: 3 })
  expect(signedBy(PROOF, checkpoint(2))).toEqual({ is: 'covered', size: 2 })
  expect(signedBy(PROOF, checkpoint(1))).toEqual({ is: 'newer', size: 1 })
  expect(signedBy({ ...PROOF, root: hexOf(pair) }, checkpoint(3))?.is).toBe('differs')
  expect(signedBy(PROOF, checkpoint(3, 'ffffffffffffffff'))).toBeNull()
  expect(signedBy(PROOF, { ...checkpoint(3), text: 'nothing that was signed' })).toBeNull()
  expect(signedBy(PROOF, { ...checkpoint(3), text: null })).toBeNull()
})

import { describe, expect, test } from 'vitest'
import { testParts, testSigner } from '../../test/parts.ts'
import { hexOf } from '../bytes.ts'
import { epochOfOrigin, originOf, readCheckpoint, verifyCheckpoint, writeCheckpoint } from './checkpoint.ts'

const SIGNER = testSigner(new Uint8Array(32).fill(9))
const ORIGIN = originOf('0011223344556677', 'ee00000000000001')
const ROOT = testParts.sha256(testParts.utf8('root'))
const TEXT = writeCheckpoint(testParts, { origin: ORIGIN, size: 42, root: ROOT }, SIGNER)

test('a checkpoint is the text that everybody else writes and reads', () => {
  // The example of the specification [C2SP tlog-checkpoint].
  const example = [
    'example.com/behind-the-sofa',
    '20852163',
    'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
    '',
    '\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=',
    '',
  ].join('\n')
  const read = readCheckpoint(example)
  expect(read).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 })
  expect(hexOf(read?.root ?? new Uint8Array())).toMatch(/^0AC5186A91863E8E/)
  expect(read?.signatures.map(({ name, key, signature }) => [name, hexOf(key), signature.length])).toEqual([
    ['example.com/behind-the-sofa', '033DE0AE', 64],
  ])
  expect(TEXT.split('\n').map((line) => line.length)).toEqual([ORIGIN.length, 2, 44, 0, 2 + ORIGIN.length + 1 + 92, 0])
})

test('whoever has the key of the signer believes it, and nobody else', () => {
  const other = testSigner().publicKey
  expect(verifyCheckpoint(testParts, TEXT, [other, SIGNER.publicKey])).toEqual({ origin: ORIGIN, size: 42, root: ROOT })
  expect(verifyCheckpoint(testParts, TEXT, [other])).toBeNull()
  expect([epochOfOrigin(ORIGIN), epochOfOrigin('example.com/x')]).toEqual(['ee00000000000001', null])
})

test('lines of later versions and signatures of others may stand in it', () => {
  const body = `${ORIGIN}\n7\n${TEXT.split('\n')[2]}\nsomething later\n`
  const [, signature = ''] = writeCheckpoint(testParts, { origin: ORIGIN, size: 42, root: ROOT }, SIGNER).split('\n\n')
  const more = `${TEXT}\u2014 witness.example/w ${signature.split(' ')[2]}`
  expect(readCheckpoint(`${body}\n${signature}`)).toMatchObject({ size: 7 })
  expect(verifyCheckpoint(testParts, more, [SIGNER.publicKey])).toMatchObject({ size: 42 })
})

describe('what was changed is believed by nobody', () => {
  test.for([
    { story: 'another size', text: TEXT.replace('\n42\n', '\n43\n') },
    { story: 'another tree', text: TEXT.replaceAll('ee00000000000001', 'ee00000000000002') },
    { story: 'a signature under another name', text: TEXT.replace(`\u2014 ${ORIGIN}`, '\u2014 somebody') },
    { story: 'a hyphen for the dash', text: TEXT.replace('\u2014', '-') },
    { story: 'no signature', text: `${TEXT.split('\n\n')[0]}\n\n` },
    { story: 'no end of line', text: TEXT.trimEnd() },
    { story: 'a size that is no number', text: TEXT.replace('\n42\n', '\n042\n') },
    { story: 'a root of the wrong length', text: TEXT.replace(/\n([^\n]{40})[^\n]{4}\n\n/, '\n$1\n\n') },
    { story: 'a root that is no base64', text: TEXT.replace(/\n[^\n]{44}\n\n/, `\n${'*'.repeat(44)}\n\n`) },
    { story: 'nothing', text: '' },
  ])('$story', ({ text }) => {
    expect(verifyCheckpoint(testParts, text, [SIGNER.publicKey])).toBeNull()
  })
})

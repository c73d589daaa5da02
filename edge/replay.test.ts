import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { familyOf } from './readers/uhf/families.ts'
import { isReplayed, REPLAY_NAMES, REPLAY_REFUSALS, replayLines } from './replay.ts'

interface FrameVector {
  readonly family: string
  readonly name: string
  readonly hex: string
  readonly valid: boolean
  readonly decoded: Readonly<Record<string, unknown>>
}
interface StreamVector {
  readonly family: string
  readonly name: string
  readonly chunks: readonly string[]
  readonly expectFrames: readonly string[]
  readonly expectRejects: number
}
const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`./readers/uhf/fixtures/${name}.json`, import.meta.url), 'utf8')) as T
const isKnown = ({ family }: { readonly family: string }) => familyOf(family) !== null
const frames = fixture<readonly FrameVector[]>('frames').filter(isKnown)
const streams = fixture<readonly StreamVector[]>('streams').filter(isKnown)

const played = async (family: string, lines: readonly string[]): Promise<readonly Record<string, unknown>[]> => {
  const said: Record<string, unknown>[] = []
  for await (const line of replayLines(family, lines)) said.push(JSON.parse(line) as Record<string, unknown>)
  return said
}
const chunk = (hex: string, t = 0): string => JSON.stringify({ t, hex })
const TAG = 'BB02220011D130003074257BF7194E4000001A85AAF95A7E'

/** Tags a frame reports as read just now; what a buffer gives out was read some time. */
const tagsIn = ({ kind, tags }: Readonly<Record<string, unknown>>): number =>
  kind === 'tag' ? 1 : kind === 'inventory' && Array.isArray(tags) ? tags.length : 0

describe('replay', () => {
  it.each(frames)('frame: $family $name', async ({ family, hex, valid, decoded }) => {
    const said = await played(family, [chunk(hex)])
    if (valid) expect(said[0]).toEqual({ frame: hex, decoded })
    else expect(said).toEqual([{ reject: hex, reason: decoded['error'] }])
    expect(said.filter((line) => 'sighting' in line)).toHaveLength(valid ? tagsIn(decoded) : 0)
  })

  it.each(streams)('stream: $family $name', async ({ family, chunks, expectFrames, expectRejects }) => {
    const said = await played(
      family,
      chunks.map((hex, t) => chunk(hex, t)),
    )
    expect(said.flatMap((line) => ('frame' in line ? [line['frame']] : []))).toEqual(expectFrames)
    expect(said.filter((line) => 'reject' in line).length).toBeGreaterThanOrEqual(expectRejects)
  })

  it('a sighting has the time of the chunk that completed it', async () => {
    expect(await played('bb7e', [chunk(TAG.slice(0, 20), 5), chunk(TAG.slice(20), 9)])).toMatchObject([
      { frame: TAG },
      { sighting: { t: 9, antenna: 1, epc: '3074257BF7194E4000001A85', pc: '3000', rssiDbm: -47, rssiRaw: 0xd1, phaseDeg: null } },
    ])
  })

  it('a tag whose own CRC fails is a frame but no sighting', async () => {
    // Two errors that cancel in the sum.
    const said = await played('bb7e', [chunk('BB02220011D130003074257CF6194E4000001A85AAF95A7E')])
    expect(said).toMatchObject([{ decoded: { kind: 'tag', tagCrcOk: false } }])
  })

  it('what is no line is refused and the stream goes on', async () => {
    const bad = [
      '{',
      '[]',
      'null',
      '"x"',
      '{"t":1}',
      '{"hex":"00"}',
      '{"t":"1","hex":"00"}',
      '{"t":1,"hex":"0"}',
      '{"t":1,"hex":"zz"}',
      '{"t":1e999,"hex":""}',
    ]
    const said = await played('bb7e', [...bad, '', chunk(TAG)])
    expect(said.slice(0, bad.length).map((line) => [line['valid'], line['code']])).toEqual(bad.map(() => [false, 'replay.line-malformed']))
    expect(said[bad.length]).toMatchObject({ frame: TAG })
    expect(said[0]?.['message']).toBe('line 1 is not {"t":ms,"hex":"..."}')
  })

  it('frames of the host in a recording that does not say who sent them, where both sides have forms of their own', async () => {
    const [ask, stop, info] = ['04FF211995', '04009340FC', '1100210000160C034E001E0A01000000E651'] as const
    const said = await played('uhf288', [chunk(ask + stop), chunk(info), chunk(ask)])
    expect(said.map(({ frame, decoded }) => [frame, (decoded as Record<string, unknown>)['kind']])).toEqual([
      [ask, 'command'],
      [stop, 'command'],
      [info, 'reply'],
      [ask, 'command'],
    ])
    expect(await played('uhf288', [chunk(`${ask}FF`)])).toEqual([{ reject: `${ask}FF`, reason: 'length' }])
  })

  it('bytes left at the end are told', async () => {
    expect(await played('AADD', [chunk(TAG.slice(0, 20))])).toEqual([{ reject: TAG.slice(0, 20), reason: 'gap' }])
  })

  it('an unknown family is refused by name', async () => {
    expect(await played('llrp', [chunk(TAG)])).toEqual([
      { valid: false, code: 'replay.family-unknown', message: `unknown family llrp; known: ${REPLAY_NAMES.join(', ')}` },
    ])
    expect(Object.keys(REPLAY_REFUSALS)).toEqual(['replay.family-unknown', 'replay.line-malformed'])
  })

  it('a scanner is played as readers are', async () => {
    expect(['bb7e', 'AADD', 'SSI', 'line', 'llrp'].map(isReplayed)).toEqual([true, true, true, true, false])
    const line = Buffer.from(']d20106901234567892\r').toString('hex')
    expect(await played('line', [chunk(line.slice(0, 8), 3), chunk(line.slice(8), 5)])).toMatchObject([
      { scan: { t: 5, text: ']d20106901234567892', aim: ']d2', payload: '0106901234567892' } },
    ])
    expect(await played('ssi', [chunk('04D00000FF2C'), chunk('04D00000FF2D')])).toMatchObject([
      { frame: '04D00000FF2C' },
      { reject: '04D00000FF2D' },
    ])
  })
})

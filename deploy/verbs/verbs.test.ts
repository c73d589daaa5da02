import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { linesOf, streamLines } from './lines.ts'

const collected = async (source: AsyncIterable<readonly string[]>): Promise<readonly (readonly string[])[]> => {
  const all: (readonly string[])[] = []
  for await (const lines of source) all.push(lines)
  return all
}
const bytes = (...chunks: readonly string[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk, 'latin1')))

describe('lines of a byte stream', () => {
  test.for([
    { chunks: ['a\nb\n'], lines: [['a', 'b']], story: 'two whole lines' },
    { chunks: ['a', 'b\nc'], lines: [['ab'], ['c']], story: 'a line over two chunks, and no last line feed' },
    { chunks: ['\n\n'], lines: [['', '']], story: 'empty lines are lines' },
    { chunks: ['\xe5\x85', '\xa5\n'], lines: [['入']], story: 'a letter over two chunks' },
    { chunks: [], lines: [], story: 'nothing' },
    { chunks: ['123456789\n12'], lines: [['123456'], ['12']], story: 'a line above the limit is cut to one letter more' },
    { chunks: ['1234', '5678', '9\nx\n'], lines: [['123456', 'x']], story: 'so is one that never seems to end' },
  ])('$story', async ({ chunks, lines }) => {
    expect(await collected(linesOf(bytes(...chunks), 5))).toEqual(lines)
  })

  test('a reader that goes away ends it without a fault', async () => {
    const output = new PassThrough({ highWaterMark: 4 })
    output.once('data', () => output.destroy(Object.assign(new Error('gone'), { code: 'EPIPE' })))
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.from('x\n')
      })(),
    )
    const echo = async function* (chunks: AsyncIterable<readonly string[]>) {
      for await (const lines of chunks) yield lines.join()
    }
    await expect(streamLines(echo, { input: endless, output, lengthMax: 9 })).resolves.toBeUndefined()
  })

  test('a slow reader slows the source: no more is taken than fits', async () => {
    let taken = 0
    const source = Readable.from(
      (function* () {
        for (; taken < 10_000; taken += 1) yield Buffer.from('x\n')
      })(),
      { highWaterMark: 1 },
    )
    const output = new PassThrough({ highWaterMark: 4 })
    const echo = async function* (chunks: AsyncIterable<readonly string[]>) {
      for await (const lines of chunks) yield lines.join()
    }
    const done = streamLines(echo, { input: source, output, lengthMax: 9 })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(taken).toBeLessThan(1000)
    output.resume()
    await done
    expect(taken).toBe(10_000)
  })
})

const LAUNCHER = join(import.meta.dirname, '../lotkeeper.js')

const run = async (args: readonly string[], input: string) => {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { env: { ...process.env, LOTKEEPER_INSTALL: 'never' } })
  const ended = new Promise((resolve) => child.on('close', resolve))
  child.stdin.end(input)
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, out, err }
}

describe('lotkeeper decode', () => {
  test('one line in, one line out, in order, whatever the line', async () => {
    const { code, out } = await run(
      ['decode'],
      '{"kind":"epc","hex":"3034257BF7194E4000001A85"}\nnonsense\n\n{"kind":"bracketed","input":"(01)06901234567892"}',
    )
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect([code, lines.map((line) => line.valid)]).toEqual([0, [true, false, false, true]])
    expect(lines[0]).toMatchObject({ uri: 'urn:epc:id:sgtin:0614141.812345.6789' })
  })

  test.for([
    { code: '(01)06901234567892(17)280831(10)L7', shows: ['06901234567892', '2028-08-31', 'L7'], exit: 0 },
    { code: ']d20106901234567892{GS}10L7', shows: ['06901234567892', 'L7'], exit: 0 },
    { code: '3034257BF7194E4000001A85', shows: ['SGTIN-96', '80614141123458', 'urn:epc:id:sgtin:0614141.812345.6789'], exit: 0 },
    { code: 'F9A3690123400000001783723000', shows: ['SSCC+', '369012340000000178', '(37)24'], exit: 0 },
    { code: 'urn:epc:tag:sgln-96:3.9521141.12345.5678', shows: ['SGLN-96', '(414)9521141123454(254)5678'], exit: 0 },
    { code: 'urn:epc:tag:sgln-96:3.9521141.1234.5678', shows: ['[epc.uri-wrong]'], exit: 1 },
    { code: '(01)06901234567893', shows: ['[codes.'], exit: 1 },
    { code: '3034257BF7194E400000', shows: ['[epc.'], exit: 1 },
  ])('$code as an argument is a table for a person', async ({ code, shows, exit }) => {
    const told = await run(['decode', '--year', '2026', code], '')
    expect(told.code).toBe(exit)
    for (const part of shows) expect(told.out).toContain(part)
  })

  test('a year that is none is refused with the usage', async () => {
    expect(await run(['decode', '--year', 'soon', '(01)06901234567892'], '')).toMatchObject({
      code: 2,
      out: expect.stringContaining('--year'),
    })
  })
})

describe('lotkeeper replay', () => {
  test('noise is told as noise; a line that is no chunk is refused and the rest goes on', async () => {
    const { code, out } = await run(['replay', 'bb7e'], 'nonsense\n{"t":5,"hex":"0102"}\n')
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect([code, lines[0].code]).toEqual([0, 'replay.line-malformed'])
    expect(
      lines
        .slice(1)
        .map((line) => line.reject)
        .join(''),
    ).toBe('0102')
  })

  test('a family nobody knows: exit 2', async () => {
    for (const args of [['--family', 'BB7E'], ['--family=bb7e'], ['bb7e']])
      expect(await run(['replay', ...args], '')).toMatchObject({ code: 0 })
    for (const args of [[], ['--family'], ['bb7e', 'more'], ['--else', 'bb7e']])
      expect(await run(['replay', ...args], '')).toMatchObject({ code: 2 })
    expect(await run(['replay', '--family', 'zz'], '')).toMatchObject({ code: 2, out: expect.stringContaining('replay.family-unknown') })
  })
})

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import fixtures from '@lotkeeper/edge/portal/fixtures/scenarios.json' with { type: 'json' }
import { afterAll, describe, expect, test } from 'vitest'

const LAUNCHER = join(import.meta.dirname, '../lotkeeper.js')
const HOME = mkdtempSync(join(tmpdir(), 'lotkeeper-portal-'))
afterAll(() => rmSync(HOME, { recursive: true }))

const play = async (config: unknown, input: string, more: readonly string[] = []) => {
  const file = join(HOME, 'door.json')
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config))
  const child = spawn(process.execPath, [LAUNCHER, 'portal', '--config', file, ...more], {
    env: { ...process.env, LOTKEEPER_INSTALL: 'never' },
  })
  const ended = new Promise((resolve) => child.on('close', resolve))
  child.stdin.end(input)
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return {
    code: await ended,
    lines: out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
    err,
  }
}
const DOOR = { antennas: { 1: 'inside', 2: 'outside' } }
type Reads = (typeof fixtures.scenarios)[number]['reads']
const ndjson = (reads: Reads): string => reads.map((read) => JSON.stringify(read)).join('\n')

describe('lotkeeper portal', () => {
  test('tells every small shared doorway right, all in one stream an hour apart', async () => {
    const shifted = fixtures.scenarios.map(({ reads }, at) =>
      reads.map(([atMs, epc, ...rest]) => [Number(atMs) + at * 3_600_000, `${epc}${at}`, ...rest]),
    )
    const { code, lines } = await play(DOOR, shifted.map((reads) => ndjson(reads as Reads)).join('\n'))
    const said = (epc: string) => lines.flatMap((line) => (line.epc === epc ? [line.direction] : [])).join() || 'none'
    const wanted = fixtures.scenarios.flatMap(({ truth }, at) => truth.map(({ epc, direction }) => [`${epc}${at}`, direction]))
    expect(wanted.map(([epc = '']) => [epc, said(epc)])).toEqual(wanted)
    expect(lines[0]).toMatchObject({ algorithm: 'portal/7', at: expect.any(Number), from: expect.any(Number), to: expect.any(Number) })
    expect(code).toBe(0)
  })

  test('bears lines out of order by seconds, and bad ones', async () => {
    const { reads } = fixtures.scenarios.find(({ truth }) => truth.some(({ direction }) => direction === 'out,in')) ?? { reads: [] }
    const inOrder = await play(DOOR, ndjson(reads))
    const late = [...reads.filter(([, , antenna]) => antenna === 1), ...reads.filter(([, , antenna]) => antenna !== 1)]
    const bad = ['rubbish', '[1]', '{"beam":"x"}', '[0,"E1",9,-50,null]', '[1,"E1",9,-50,null]', '', '[1,"E1",1,"loud",null]']
    const { lines, code } = await play(DOOR, `${bad.join('\n')}\n${ndjson(late as Reads)}`)
    expect(lines.filter(({ valid }) => valid === false).map((line) => line.code)).toEqual([
      'portal.line-malformed',
      'portal.line-malformed',
      'portal.line-malformed',
      'portal.antenna-unknown',
      'portal.line-malformed',
    ])
    expect(lines.filter(({ valid }) => valid !== false)).toEqual(inOrder.lines)
    expect(code).toBe(0)
  })

  test('counts to standard error when asked', async () => {
    const { err, lines } = await play(DOOR, '[0,"E1","1",null,null]\n{"beam":5}', ['--stats'])
    expect(lines).toEqual([])
    expect(JSON.parse(err)).toMatchObject({ in: 0, out: 0, uncertain: 0 })
  })

  test.for([
    { config: { ...DOOR, threshold: {} }, says: /threshold: .*nearest is thresholds/, story: 'a misspelt name' },
    { config: { ...DOOR, thresholds: { marginDB: 1 } }, says: /marginDB: .*nearest is marginDb/, story: 'a misspelt figure' },
    { config: { antennas: { 1: 'within' } }, says: /antennas\.1/, story: 'a side there is not' },
    { config: {}, says: /antennas/, story: 'no antennas' },
    { config: '{', says: /door\.json/, story: 'no JSON' },
  ])('refuses $story', async ({ config, says }) => {
    const { code, err, lines } = await play(config, '')
    expect([code, lines]).toEqual([2, []])
    expect(err).toMatch(says)
  })
})

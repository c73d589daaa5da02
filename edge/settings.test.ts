import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { hashPin } from './crypto.ts'
import { isFault } from './faults.ts'
import { readSettings } from './settings.ts'

const home = mkdtempSync(join(tmpdir(), 'edge-settings-'))
afterAll(() => rmSync(home, { recursive: true }))

const READER = {
  device: 'in',
  kind: 'reader',
  family: 'bb7e',
  address: '/dev/ttyUSB0',
  region: 'CN900',
  powerDbm: 26,
  door: 'd1',
  side: 'inside',
} as const
const DOOR = { door: 'd1', name: { zh: '库房门', en: 'Store door' }, inside: 'main', beyond: { room: 'clinic' } }
const BARRED = { ...DOOR, lightBarrier: { reader: 'in', input: 2, active: 'low' } }
const withFile = (values: unknown) => writeFileSync(join(home, 'edge.json'), typeof values === 'string' ? values : JSON.stringify(values))
const troubleOf = (environment: Record<string, string> = {}): string => {
  try {
    readSettings(home, environment)
    return 'fine'
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return `${thrown.code} ${thrown.facts['problems'] ?? ''}`
  }
}

describe('settings of a node', () => {
  test('a whole node', () => {
    withFile({
      node: 'qinglong',
      broker: 'mqtts://10.0.0.1:8883',
      doors: [BARRED],
      devices: [READER, { device: 's', kind: 'scanner', address: 'tcp://10.0.0.9:4001', baud: 9600 }],
    })
    const settings = readSettings(home, { LOTKEEPER_EDGE_HTTP_PORT: '0' })
    expect(settings).toMatchObject({ node: 'qinglong', httpPort: 0, devices: [{ device: 'in' }, { device: 's' }], ringMbMax: 512 })
    expect(Object.isFrozen(settings.devices[0])).toBe(true)
  })

  test('further hubs come from the file or the environment', () => {
    withFile({ node: 'qinglong', brokers: ['mqtts://10.0.0.2:8883'] })
    const brokers = (environment: Record<string, string>) => readSettings(home, environment).brokers
    expect(brokers({})).toEqual(['mqtts://10.0.0.2:8883'])
    expect(brokers({ LOTKEEPER_EDGE_BROKERS: 'mqtts://a:1, mqtts://b:2' })).toEqual(['mqtts://a:1', 'mqtts://b:2'])
    expect(brokers({ LOTKEEPER_EDGE_BROKERS: '' })).toEqual([])
    expect(troubleOf({ LOTKEEPER_EDGE_BROKERS: 'http://a' })).toMatch(/settings.wrong brokers\.0/)
  })

  test.each([
    ['no node', {}, {}, /settings.wrong node = \(missing\)/],
    ['power no reader has', { node: 'qinglong', doors: [DOOR], devices: [{ ...READER, powerDbm: 90 }] }, {}, /settings.wrong devices\.0/],
    ['a family nobody knows', { node: 'qinglong', doors: [DOOR], devices: [{ ...READER, family: 'zz' }] }, {}, /settings.wrong devices\.0/],
    ['a reader at no door', { node: 'qinglong', devices: [READER] }, {}, /no door d1/],
    [
      'two devices of one name',
      { node: 'qinglong', doors: [DOOR], devices: [READER, { ...READER, address: '/dev/ttyUSB1' }] },
      {},
      /two devices have this id/,
    ],
    [
      'two devices on one port',
      { node: 'qinglong', doors: [DOOR], devices: [READER, { ...READER, device: 'out' }] },
      {},
      /share this address/,
    ],
    ['two doors of one name', { node: 'qinglong', doors: [DOOR, DOOR] }, {}, /two doors/],
    [
      'two keepers of one name',
      { node: 'qinglong', keepers: [1, 2].map(() => ({ keeper: 'k', name: 'K', pinHash: hashPin('2580') })) },
      {},
      /two keepers/,
    ],
    [
      'a threshold nobody knows',
      { node: 'qinglong', doors: [{ ...DOOR, thresholds: { marginDB: 3 } }] },
      {},
      /marginDB: .*nearest is marginDb/,
    ],
    [
      'a PIN instead of its hash',
      { node: 'qinglong', keepers: [{ keeper: 'k', name: 'K', pinHash: '2580' }] },
      {},
      /keepers\.0\.pinHash = "2580".*lotkeeper edge pin/,
    ],
    ['a typo', { node: 'qinglong', devicess: [] }, {}, /devicess: .*nearest is devices/],
    ['a typo in the environment', { node: 'qinglong' }, { LOTKEEPER_EDGE_PORT: '1' }, /LOTKEEPER_EDGE_PORT/],
    [
      'a port that is a word',
      { node: 'qinglong' },
      { LOTKEEPER_EDGE_HTTP_PORT: 'x' },
      /httpPort = "x".*0\.\.65535.*LOTKEEPER_EDGE_HTTP_PORT/,
    ],
    [
      'a band the law does not allow',
      { node: 'qinglong', doors: [DOOR], devices: [{ ...READER, region: 'EU' }] },
      {},
      /devices .* region EU.*中国只允许读写器使用 CN900.*in China readers may only use CN900/,
    ],
    [
      'a light barrier at a reader that is not there',
      { node: 'qinglong', doors: [{ ...DOOR, lightBarrier: { reader: 'x', input: 1, active: 'low' } }], devices: [READER] },
      {},
      /doors d1 lightBarrier: 没有 x 这台读写器 .* no reader x/,
    ],
    [
      'a light barrier at a reader that tells no inputs',
      { node: 'qinglong', doors: [BARRED], devices: [{ ...READER, family: 'uhf18' }] },
      {},
      /uhf18 读写器报告不了输入口.*bb7e uhf288 a0 tmff 5a .* tell no inputs/,
    ],
    [
      'a light barrier at an input the reader has not',
      { node: 'qinglong', doors: [BARRED], devices: [{ ...READER, family: 'uhf288' }] },
      {},
      /输入口只有 1 到 1.*inputs 1 to 1/,
    ],
    [
      'a light barrier of two doors',
      { node: 'qinglong', doors: [BARRED, { ...BARRED, door: 'd2' }], devices: [READER] },
      {},
      /两扇门用了同一个输入口.*two doors share this input/,
    ],
    [
      'a light barrier of no level',
      { node: 'qinglong', doors: [{ ...DOOR, lightBarrier: { reader: 'in', input: 1, active: 'on' } }], devices: [READER] },
      {},
      /settings.wrong doors\.0/,
    ],
    ['no JSON', '{', {}, /settings.unreadable/],
  ])('%s', (_story, values, environment, trouble) => {
    withFile(values)
    expect(troubleOf(environment as Record<string, string>)).toMatch(trouble)
  })

  const scanner = (own: object) => ({ device: 's', kind: 'scanner', address: '/dev/ttyUSB0', baud: 9600, ...own })

  test.each([
    [{ protocol: 'ssi', configure: true }],
    [{ protocol: 'newland', separator: '|', profile: { prefix: 'W1-', codeId: true, coding: 'gb18030' } }],
    [{ separator: '<GS>', profile: { aim: null } }],
    [{ separator: ']' }],
  ])('a scanner may be %j', (own) => {
    withFile({ node: 'qinglong', devices: [scanner(own)] })
    expect(readSettings(home, {}).devices).toEqual([scanner(own)])
  })

  test.each([
    [{ protocol: 'symbol' }],
    [{ profile: { codeid: true } }],
    [{ profile: { coding: 'gbk' } }],
    // Characters that GS1 data may hold would cut lots in two.
    [{ separator: '/' }],
    [{ separator: '' }],
    [{ separators: '|' }],
  ])('a scanner may not be %j', (own) => {
    withFile({ node: 'qinglong', devices: [scanner(own)] })
    expect(troubleOf()).toMatch(/settings.wrong devices\.0/)
  })
})

import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runVerb } from '@lotkeeper/deploy/county/house.ts'
import { expect, test } from 'vitest'

const READER = {
  device: 'r1',
  kind: 'reader',
  family: 'bb7e',
  address: 'tcp://127.0.0.1:4001',
  region: 'CN900',
  powerDbm: 26,
  door: 'd1',
  side: 'inside',
}
const DOOR = { door: 'd1', name: { zh: '门', en: 'Door' }, inside: 'main', beyond: null }
const KEEPER = { keeper: 'k1', name: '库管员', pinHash: '1234' }

/** What somebody mistyped, and every word the refusal must hold for him to find it: the name, the value or what it should have been. */
const TYPOS: readonly (readonly [house: 'hub' | 'edge', typo: string, content: unknown, told: readonly string[]])[] = [
  ['hub', 'a misspelt name', { brokerPrt: 8883 }, ['brokerPrt', 'brokerPort']],
  ['hub', 'a number out of range', { httpPort: 80_800 }, ['httpPort', '80800', '65535']],
  ['hub', 'a number as text', { transitDueHours: '72' }, ['transitDueHours', '72', '8760']],
  ['hub', 'a word that is no choice', { logLevel: 'verbose' }, ['logLevel', 'verbose', 'debug']],
  ['hub', 'a zone that is nowhere', { zone: 'Asia/Shanghia' }, ['zone', 'Asia/Shanghia', 'Asia/Shanghai']],
  ['hub', 'a comma too many', '{ "httpPort": 8080, }', ['JSON']],
  ['hub', 'a list instead of settings', [], ['object']],
  ['edge', 'a misspelt name', { node: 'qinglong', zon: 'Asia/Shanghai' }, ['zon', 'zone']],
  ['edge', 'a name that is no node', { node: 'Qing Long' }, ['node', 'Qing Long']],
  ['edge', 'a zone that is nowhere', { node: 'qinglong', zone: 'Asia/Shanghia' }, ['zone', 'Asia/Shanghia', 'Asia/Shanghai']],
  ['edge', 'an address that is none', { node: 'qinglong', broker: 'hub.local:8883' }, ['broker', 'hub.local:8883', 'mqtts://']],
  ['edge', 'a misspelt name inside a device', { node: 'qinglong', devices: [{ ...READER, powerDbn: 26 }], doors: [DOOR] }, ['powerDbn']],
  ['edge', 'a region nobody has', { node: 'qinglong', devices: [{ ...READER, region: 'CN' }], doors: [DOOR] }, ['region', 'CN900']],
  ['edge', 'a reader at no door', { node: 'qinglong', devices: [READER] }, ['r1', 'd1']],
  ['edge', 'two devices of one name', { node: 'qinglong', devices: [READER, { ...READER, address: '/dev/x' }], doors: [DOOR] }, ['r1']],
  ['edge', 'a PIN instead of its hash', { node: 'qinglong', keepers: [KEEPER] }, ['pinHash', 'lotkeeper edge pin']],
  ['edge', 'half a file', '{ "node": "qing', ['JSON']],
]

test.for(TYPOS)('%s, %s: not started; told what, where and what would be right', async ([house, _, content, told]) => {
  await using home = openHome()
  const file = join(home.path, `${house}.json`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  const { code, out, err } = await runVerb([house, '--home', home.path])
  expect({ code, out }).toEqual({ code: 1, out: '' })
  for (const word of [file, ...told]) expect(err).toContain(word)
  expect(err).toMatch(/[\u4e00-\u9fff]/)
  expect(err).not.toMatch(/\n\s+at /)
  expect(readdirSync(home.path)).toEqual([`${house}.json`])
})

test.for([
  ['hub', 'LOTKEEPER_HUB_HTTP_PROT', '8080', ['LOTKEEPER_HUB_HTTP_PROT', 'LOTKEEPER_HUB_HTTP_PORT']],
  ['hub', 'LOTKEEPER_HUB_HTTP_PORT', 'eighty', ['httpPort', 'eighty', 'LOTKEEPER_HUB_HTTP_PORT']],
  ['edge', 'LOTKEEPER_EDGE_RING_DAY', '7', ['LOTKEEPER_EDGE_RING_DAY', 'LOTKEEPER_EDGE_RING_DAYS']],
  ['edge', 'LOTKEEPER_EDGE_RING_DAYS', '0', ['ringDays', '0', 'LOTKEEPER_EDGE_RING_DAYS', '3650']],
] as const)('%s with %s=%s in its environment is not started either', async ([house, name, value, told]) => {
  await using home = openHome()
  writeFileSync(join(home.path, `${house}.json`), JSON.stringify(house === 'edge' ? { node: 'qinglong' } : {}))
  const { code, err } = await runVerb([house, '--home', home.path], { env: { [name]: value } })
  expect(code).toBe(1)
  for (const word of told) expect(err).toContain(word)
  expect(existsSync(join(home.path, 'hub.sqlite')) || existsSync(join(home.path, 'node.sqlite'))).toBe(false)
})

const openHome = () => {
  const path = mkdtempSync(join(tmpdir(), 'lotkeeper-typo-'))
  return { path, [Symbol.asyncDispose]: async () => rmSync(path, { recursive: true }) }
}

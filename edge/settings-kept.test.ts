import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { namedSoFar, readSettings } from './settings.ts'
import { keepJoined, keepReader } from './settings-kept.ts'

const home = mkdtempSync(join(tmpdir(), 'edge-settings-kept-'))
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
const withFile = (values: unknown) => writeFileSync(join(home, 'edge.json'), JSON.stringify(values))

describe('settings the node writes itself', () => {
  test('joining changes what it must and keeps the rest', () => {
    withFile({ node: 'qinglong', doors: [DOOR], names: ['stock.lan'] })
    expect(namedSoFar(home)).toEqual({ node: 'qinglong', names: ['stock.lan'] })
    keepJoined(home, { node: 'qinglong', broker: 'mqtts://10.0.0.1:8883', zone: 'Asia/Urumqi' })
    expect(readSettings(home, {})).toMatchObject({ broker: 'mqtts://10.0.0.1:8883', zone: 'Asia/Urumqi', doors: [DOOR] })
    rmSync(join(home, 'edge.json'))
    expect(namedSoFar(home)).toEqual({ node: null, names: [] })
  })

  test('a reader that was found is put among the devices, in the place of the one of its address or id', () => {
    withFile({ node: 'qinglong', doors: [DOOR], names: ['stock.lan'] })
    expect(keepReader(home, { ...READER, device: 'first' })).toBeNull()
    expect(keepReader(home, { ...READER, device: 'second', address: '/dev/other' })).toBeNull()
    expect(keepReader(home, { ...READER, device: 'third' })).toBe('first')
    expect(readSettings(home, {})).toMatchObject({ names: ['stock.lan'], devices: [{ device: 'second' }, { device: 'third' }] })
    expect(() => keepReader(home, { ...READER, device: 'fourth', door: 'nowhere' })).toThrow()
    expect(readSettings(home, {}).devices.map(({ device }) => device)).toEqual(['second', 'third'])
  })
})

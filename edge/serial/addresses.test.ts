import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { serialAddresses, stableAddress } from './addresses.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotkeeper-serial-'))
  for (const name of ['ttyUSB0', 'ttyUSB1', 'ttyUSB2', 'ttyACM0', 'ttyS0', 'null']) writeFileSync(join(home, name), '')
  for (const kind of ['by-id', 'by-path']) mkdirSync(join(home, 'serial', kind), { recursive: true })
  link('by-id/usb-Silabs_CP2102_0001', 'ttyUSB0')
  link('by-path/pci-1.1', 'ttyUSB0')
  // Two adapters without serial numbers: udev can only name one of them by id.
  link('by-id/usb-1a86_USB_Serial', 'ttyUSB1')
  link('by-path/pci-1.2', 'ttyUSB1')
  link('by-path/pci-1.3', 'ttyUSB2')
  link('by-id/usb-gone', 'ttyUSB9')
})
afterEach(() => rmSync(home, { recursive: true }))
const link = (name: string, to: string) => symlinkSync(join(home, to), join(home, 'serial', name))

test.each([
  ['ttyUSB0', 'serial/by-id/usb-Silabs_CP2102_0001', 'by its id'],
  ['ttyUSB1', 'serial/by-id/usb-1a86_USB_Serial', 'by its id'],
  ['ttyUSB2', 'serial/by-path/pci-1.3', 'by its socket, where its twin has the id'],
  ['serial/by-path/pci-1.1', 'serial/by-id/usb-Silabs_CP2102_0001', 'by its id, though asked by its socket'],
  ['ttyACM0', 'ttyACM0', 'as it is, where udev names it not'],
  ['ttyUSB7', 'ttyUSB7', 'as it is, where there is none'],
])('%s is kept as %s: %s', async (address, stable) => {
  expect(await stableAddress(join(home, address), join(home, 'serial'))).toBe(join(home, stable))
})

test('a serial server on the network has no other name', async () => {
  expect(await stableAddress('tcp://10.0.0.5:2022')).toBe('tcp://10.0.0.5:2022')
})

test('all there are, each by its stable name', async () => {
  const found = await serialAddresses(join(home, 'serial'), home)
  expect(found.map((one) => one.slice(home.length + 1))).toEqual([
    'ttyACM0',
    'serial/by-id/usb-Silabs_CP2102_0001',
    'serial/by-id/usb-1a86_USB_Serial',
    'serial/by-path/pci-1.3',
  ])
  expect(await serialAddresses(join(home, 'none'), join(home, 'none'))).toEqual([])
})

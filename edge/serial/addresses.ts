import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The address of a device that stays its own whatever is plugged in first: udev's link by id; else, for adapters without a serial number of which two
 * look alike, the link by path, which names the socket; else the address as it is. `folder` holds udev's links, `/dev/serial` on a real machine.
 */
export const stableAddress = async (address: string, folder = SERIAL_FOLDER): Promise<string> => {
  if (!address.startsWith('/')) return address
  const device = await whereTo(address)
  if (device === null) return address
  for (const { links } of await linksIn(folder)) {
    const link = links.find((one) => one.device === device)
    if (link !== undefined) return link.address
  }
  return address
}

/** Every serial device there is to try, each by its stable address: USB adapters, and the port on the pins of a small board. */
export const serialAddresses = async (folder = SERIAL_FOLDER, devices = '/dev'): Promise<readonly string[]> => {
  const names = await namesIn(devices)
  const found = names.filter((name) => SERIAL_NAMES.test(name)).map((name) => join(devices, name))
  return Promise.all(found.toSorted().map((address) => stableAddress(address, folder)))
}

interface Link {
  readonly address: string
  readonly device: string
}

/** By id first: it follows the device to another socket. */
const linksIn = async (folder: string): Promise<readonly { readonly links: readonly Link[] }[]> =>
  Promise.all(
    ['by-id', 'by-path'].map(async (kind) => {
      const names = (await namesIn(join(folder, kind))).toSorted()
      const read = await Promise.all(
        names.map(async (name) => ({ address: join(folder, kind, name), device: await whereTo(join(folder, kind, name)) })),
      )
      return { links: read.flatMap(({ address, device }) => (device === null ? [] : [{ address, device }])) }
    }),
  )

const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return await readdir(folder)
  } catch {
    return []
  }
}

const whereTo = async (address: string): Promise<string | null> => {
  try {
    return await realpath(address)
  } catch {
    return null
  }
}

const SERIAL_FOLDER = '/dev/serial'
const SERIAL_NAMES = /^(ttyUSB|ttyACM|ttyAMA|ttySC|ttyTHS|serial)[0-9]+$/

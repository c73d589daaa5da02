import { readSync, writeSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createConnection, type Socket } from 'node:net'
import type { SerialPort } from 'serialport'

/**
 * Opens one device: `/dev/...` through serialport at 8N1, or `tcp://host:port` as serial servers offer it. The only door for package `serialport`,
 * which is loaded with the first `/dev` address: a node with TCP devices only does not pay for it.
 * Rejects with `serial.address-wrong` or `serial.open-failed`. `lost` comes at most once, never before the promise settled, never after `close`.
 */
export const openPort: OpenPort = async (address, options, on) => {
  const place = placeOf(address)
  if (place === null) throw portFault('serial.address-wrong', `no device address: ${address}`)
  return place.kind === 'tcp' ? openTcp(place, on) : openSerial(place.path, options.baud, on)
}

export type OpenPort = (address: string, options: { readonly baud: number }, on: PortEvents) => Promise<Port>

/** What an open port tells: bytes as they come, in any cut, and its end with a sentence for the log. */
export interface PortEvents {
  readonly chunk: (bytes: Uint8Array) => void
  readonly lost: (why: string) => void
}

export interface Port {
  /** Resolves when the system took the bytes; rejects with `serial.write-failed`. */
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** Ends the port without `lost`; a second call does nothing. Never rejects. */
  readonly close: () => Promise<void>
}

/** What can break at a port; `code` is one of these. */
export const PORT_FAULTS = {
  'serial.address-wrong': {
    zh: '设备地址写法不对，应为 /dev/... 或 tcp://主机:端口',
    en: 'the device address must be /dev/... or tcp://host:port',
  },
  'serial.open-failed': { zh: '设备打不开：检查接线、电源和地址', en: 'the device does not open: check cable, power and address' },
  'serial.write-failed': { zh: '写不进设备', en: 'the device takes no bytes' },
} as const
export type PortFaultCode = keyof typeof PORT_FAULTS
export type PortFault = Error & { readonly code: PortFaultCode }

/** How an address is read, or `null` when it is none. */
export const placeOf = (address: string): Place | null => {
  if (address.startsWith('/')) return { kind: 'serial', path: address }
  if (!address.startsWith('tcp://') || !URL.canParse(address)) return null
  const { hostname, port, pathname } = new URL(address)
  if (hostname === '' || port === '' || port === '0' || pathname.length > 1) return null
  return { kind: 'tcp', host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }
}
export type Place =
  | { readonly kind: 'serial'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }

/**
 * Reads the device itself rather than through the package's stream: that one reads again after every frame, and the waking costs ten times what the
 * frames do. While bytes stream in, they gather in the system's buffer for a moment, as a USB adapter gathers them anyway.
 */
const openSerial = async (path: string, baud: number, on: PortEvents): Promise<Port> => {
  const { SerialPort } = await import('serialport')
  const device = await opened(SerialPort.binding, path, baud)
  // What lay in the system's buffer from before is not what the device says now.
  await within(device.flush(), CLOSE_MS)
  const file = await deviceOf(path)
  const life = lifeOf(on, () => {
    clearInterval(watch)
    // It may never settle when the device vanished under it; the line goes on without waiting.
    return device.isOpen ? within(device.close(), CLOSE_MS) : Promise.resolve()
  })
  // A pulled USB adapter does not always end the reading (serialport #1833, #2117, #1480), and a hung-up terminal reads zero bytes for ever.
  const watch = setInterval(async () => {
    if ((await deviceOf(path)) !== file) life.lose('the device file is gone')
  }, DEVICE_WATCH_MS)
  watch.unref()
  void listen(device, life)
  const write = writerOf(device)
  return portOf(life, (bytes, done) => write(bytes).then(() => done(), done))
}

const opened = async (binding: Binding, path: string, baud: number): Promise<Device> => {
  try {
    return await binding.open({ path, baudRate: baud, dataBits: 8, stopBits: 1, parity: 'none', lock: true, hupcl: true })
  } catch (cause) {
    throw portFault('serial.open-failed', `${path} did not open`, cause)
  }
}

/** Gives on what comes, until the end of the port. */
const listen = async (device: Device, life: Life): Promise<void> => {
  let readAt = Number.NEGATIVE_INFINITY
  try {
    while (!life.over()) {
      const buffer = Buffer.allocUnsafe(READ_BYTES)
      const bytesRead = readAtOnce(device, buffer) || (await device.read(buffer, 0, READ_BYTES)).bytesRead
      life.chunk(buffer.subarray(0, bytesRead))
      const now = performance.now()
      if (now - readAt < GATHER_MS) await new Promise((resolve) => setTimeout(resolve, GATHER_MS))
      readAt = performance.now()
    }
  } catch (error) {
    life.lose(error instanceof Error ? error.message : String(error))
  }
}

const openTcp = async ({ host, port }: { readonly host: string; readonly port: number }, on: PortEvents): Promise<Port> => {
  const socket = createConnection({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS })
  const life = lifeOf(on, async () => void socket.destroy())
  // The listeners stand before the connection does: what the server sends with it must not be missed.
  socket.on('data', (bytes) => life.chunk(bytes))
  await connected(socket, `${host}:${port}`)
  socket.on('error', (error) => life.lose(error.message))
  socket.on('end', () => life.lose('the server ended the connection'))
  socket.on('close', () => life.lose('the connection closed'))
  return portOf(life, (bytes, done) => socket.write(bytes, done))
}

const connected = (socket: Socket, where: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (cause: Error) => {
      socket.destroy()
      reject(portFault('serial.open-failed', `${where} did not answer`, cause))
    }
    const late = setTimeout(() => fail(new Error(`no connection within ${CONNECT_MS} ms`)), CONNECT_MS)
    socket.once('error', fail)
    socket.once('connect', () => {
      clearTimeout(late)
      socket.off('error', fail)
      resolve()
    })
    socket.once('close', () => clearTimeout(late))
  })

/** Bytes that lie there already, without a detour through another thread; 0 when there are none, or when only waiting tells why. */
const readAtOnce = (device: Device, buffer: Buffer): number => {
  if (!('fd' in device) || device.fd === null) return 0
  try {
    return readSync(device.fd, buffer)
  } catch {
    // The terminal is opened without blocking: nothing there is an error, as is everything that ends a port; the waiting read tells them apart.
    return 0
  }
}

/**
 * One after another, and with a wait of our own where the system's buffer is full: the package's way to wait for room is never forgotten again, and from
 * then on its poller wakes tens of thousands of times a second while bytes lie unread.
 */
const writerOf = (device: Device): ((bytes: Uint8Array) => Promise<void>) => {
  let last: Promise<void> = Promise.resolve()
  return (bytes) => {
    const done = last.then(() => writeAll(device, bytes))
    last = done.catch(() => {})
    return done
  }
}

const writeAll = async (device: Device, bytes: Uint8Array): Promise<void> => {
  if (!('poller' in device)) return device.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  let late = performance.now() + WRITE_MS
  for (let from = 0; from < bytes.length; ) {
    if (device.fd === null) throw new Error('the port is closed')
    const written = writeAtOnce(device.fd, bytes.subarray(from))
    from += written
    if (written > 0) {
      late = performance.now() + WRITE_MS
      continue
    }
    if (performance.now() > late) throw new Error(`no room for ${bytes.length - from} bytes within ${WRITE_MS} ms`)
    await new Promise((resolve) => setTimeout(resolve, ROOM_MS))
  }
}

/** How many bytes the system took; 0 while its buffer is full. */
const writeAtOnce = (fd: number, bytes: Uint8Array): number => {
  try {
    return writeSync(fd, bytes)
  } catch (error) {
    if (['EAGAIN', 'EINTR'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0
    throw error
  }
}

type Binding = (typeof SerialPort)['binding']
type Device = Awaited<ReturnType<Binding['open']>>

interface Life {
  readonly chunk: (bytes: Uint8Array) => void
  readonly lose: (why: string) => void
  readonly end: () => Promise<void>
  readonly over: () => boolean
}

/** The one place that knows whether a port still lives: `lost` at most once, nothing after the end. */
const lifeOf = (on: PortEvents, release: () => Promise<void>): Life => {
  let ended = false
  let released: Promise<void> | null = null
  const end = () => {
    ended = true
    released ??= release()
    return released
  }
  return {
    chunk: (bytes) => {
      if (!ended) on.chunk(bytes)
    },
    lose: (why) => {
      if (ended) return
      void end()
      on.lost(why)
    },
    end,
    over: () => ended,
  }
}

const portOf = (life: Life, write: (bytes: Uint8Array, done: (error?: Error | null) => void) => unknown): Port => ({
  write: (bytes) =>
    new Promise((resolve, reject) => {
      if (life.over()) return reject(portFault('serial.write-failed', 'the port is closed'))
      write(bytes, (error) => (error ? reject(portFault('serial.write-failed', error.message, error)) : resolve()))
    }),
  close: life.end,
})

const portFault = (code: PortFaultCode, message: string, cause?: unknown): PortFault =>
  Object.assign(new Error(message, { cause }), { code })

/** Which device file an address leads to now; another answer later means it was unplugged, even when it came back at once. */
const deviceOf = async (path: string): Promise<string> => {
  try {
    const { ino, rdev } = await stat(path)
    return `${ino}/${rdev}`
  } catch {
    return 'gone'
  }
}

const within = async (work: Promise<void>, ms: number): Promise<void> => {
  let late: NodeJS.Timeout | undefined
  await Promise.race([
    work,
    new Promise<void>((resolve) => {
      late = setTimeout(resolve, ms)
    }),
  ])
  clearTimeout(late)
}

/** A LAN answers in milliseconds; a bridge that starts up needs a second or two. */
const CONNECT_MS = 5_000
/** First keep-alive probe on an idle connection; the system gives up some ten probes later. */
const KEEP_ALIVE_MS = 10_000
/** How often a device file is looked at: one `stat` a second costs nothing measurable. */
const DEVICE_WATCH_MS = 1_000
const CLOSE_MS = 1_000
/** A buffer that takes nothing for so long belongs to a device that holds the line; what is written to a reader is a few dozen bytes. */
const WRITE_MS = 2_000
/** How long a full buffer is left to drain: some 60 bytes at 115,200 baud. */
const ROOM_MS = 5
/** What a line at full speed brings in a third of a second: nothing waits for a second read. */
const READ_BYTES = 4_096
/** As long as a USB adapter holds bytes back by itself; the system's buffer holds twenty times as much. An answer to a question is not delayed. */
const GATHER_MS = 16

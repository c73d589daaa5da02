import { stat } from 'node:fs/promises'
import { createConnection, type Socket } from 'node:net'

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

const openSerial = async (path: string, baud: number, on: PortEvents): Promise<Port> => {
  const { SerialPort } = await import('serialport')
  const port = new SerialPort({ path, baudRate: baud, dataBits: 8, stopBits: 1, parity: 'none', autoOpen: false })
  port.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(portFault('serial.open-failed', `${path} did not open`, error)) : resolve()))
  })
  // What lay in the system's buffer from before is not what the device says now.
  await within(new Promise<void>((resolve) => port.flush(() => resolve())), CLOSE_MS)
  const device = await deviceOf(path)
  if (!port.isOpen) throw portFault('serial.open-failed', `${path} closed at once`)
  const life = lifeOf(on, () => {
    clearInterval(watch)
    if (!port.isOpen) return Promise.resolve()
    // Its callback may never come when the device vanished under it; the line goes on without waiting.
    return within(new Promise<void>((resolve) => port.close(() => resolve())), CLOSE_MS)
  })
  // A pulled USB adapter does not always end the stream (serialport #1833, #2117, #1480), and a hung-up terminal reads zero bytes for ever.
  const watch = setInterval(async () => {
    if ((await deviceOf(path)) !== device) life.lose('the device file is gone')
  }, DEVICE_WATCH_MS)
  watch.unref()
  port.on('error', (error) => life.lose(error.message))
  port.on('close', (error: Error | null) => life.lose(error?.message ?? 'the port closed'))
  port.on('data', (bytes: Uint8Array) => life.chunk(bytes))
  return portOf(life, (bytes, done) => port.write(bytes, done))
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

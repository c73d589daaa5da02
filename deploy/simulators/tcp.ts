import { createServer, type Server, type Socket } from 'node:net'
import { createListeners, WIRE_BUFFER_BYTES, type Wire } from './line.ts'

/** A TCP serial server with one device behind it: one client at a time, a second one is turned away. Port 0 takes a free one and keeps it. */
export const openTcpWire = async ({ host = '127.0.0.1', port = 0 }: TcpWireOptions = {}): Promise<Wire> => {
  const listeners = createListeners()
  let client: Socket | null = null
  const serve = (socket: Socket) => {
    if (client !== null) return void socket.destroy()
    client = socket
    socket.setNoDelay(true)
    socket.on('data', listeners.tell)
    // A client that vanished is what unplugged cables look like from here; there is nobody to tell.
    socket.on('error', () => {})
    socket.on('close', () => {
      if (client === socket) client = null
    })
  }
  let server: Server | null = await listening(serve, host, port)
  const kept = portOf(server)
  const unplug = async () => {
    const old = server
    server = null
    client?.destroy()
    client = null
    if (old !== null) await new Promise<void>((resolve) => old.close(() => resolve()))
  }
  return {
    address: `tcp://${host}:${kept}`,
    send: (bytes) => {
      if (client !== null && client.writableLength < WIRE_BUFFER_BYTES) client.write(bytes)
    },
    onBytes: listeners.add,
    speed: () => null,
    unplug,
    replug: async () => {
      server ??= await listening(serve, host, kept)
    },
    close: unplug,
  }
}

export interface TcpWireOptions {
  readonly host?: string
  readonly port?: number
}

const listening = (serve: (socket: Socket) => void, host: string, port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(serve)
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
  })

const portOf = (server: Server): number => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('bug: a listening TCP server has a port')
  return address.port
}

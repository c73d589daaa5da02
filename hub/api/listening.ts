import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server, Socket } from 'node:net'
import { fault } from '../faults.ts'
import type { HubParts } from '../parts.ts'

/** Where to listen; port 0 takes a free one. */
export interface Listening {
  readonly host: string
  readonly port: number
}

/** Starts listening and answers where; throws `api.cannot-listen`. */
export const listenOn = (server: Server, { host, port }: Listening): Promise<Listening> =>
  new Promise((resolve, reject) => {
    const failed = (cause: Error) => reject(fault('api.cannot-listen', { host, port, why: cause.message }, cause))
    server.once('error', failed)
    server.listen(port, host, () => {
      server.off('error', failed)
      const address = server.address()
      resolve({ host, port: typeof address === 'object' && address ? address.port : port })
    })
  })

/**
 * Closes a server: questions being answered get `CLOSE_GRACE_MS`, then whatever is still open is cut. Upgraded connections (the live view's)
 * never end by themselves, and one whose other side has stopped reading would hold the process for ever.
 */
export const closeServer = (server: Server, open: ReadonlySet<Socket>, after: HubParts['timers']['after']): Promise<void> =>
  new Promise((resolve) => {
    const cancel = after(CLOSE_GRACE_MS, () => {
      for (const socket of open) socket.destroy()
    })
    server.close(() => {
      cancel()
      resolve()
    })
  })

/** Every connection a server has open. */
export const connectionsOf = (server: Server): ReadonlySet<Socket> => {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return open
}

/**
 * Keeps room for whoever comes: beyond `max` connections the one ends that has said nothing, or dripped at one question, for longest; one whose
 * question is being answered, or that listens to the live view, never does. Refusing newcomers instead would let a few thousand silent connections
 * shut everybody out.
 */
export const keepRoom = (server: Server, max = CONNECTIONS_MAX): void => {
  /** Oldest first. */
  const waiting = new Map<string, Socket>()
  let open = 0
  server.on('connection', (socket: Socket) => {
    const place = placeOf(socket)
    open += 1
    if (open > max) (waiting.values().next().value ?? socket).destroy()
    waiting.set(place, socket)
    socket.once('close', () => {
      open -= 1
      if (waiting.get(place) === socket) waiting.delete(place)
    })
  })
  server.on('request', (request: IncomingMessage, answer: ServerResponse) => {
    const place = placeOf(request.socket)
    const socket = waiting.get(place)
    if (!socket) return
    const leave = (): void => void waiting.delete(place)
    if (hasBody(request)) request.once('end', leave)
    else leave()
    answer.once('close', () => {
      request.off('end', leave)
      waiting.delete(place)
      if (!socket.destroyed) waiting.set(place, socket)
    })
  })
  server.on('upgrade', (request: IncomingMessage) => waiting.delete(placeOf(request.socket)))
}

/** The same for a connection and for the TLS in it. */
const placeOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** How long a closing server waits for answers on their way. */
export const CLOSE_GRACE_MS = 300
/** Connections one server keeps open: 500 dashboards with a socket each, as many browsers asking, and as many again. */
const CONNECTIONS_MAX = 2_000

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
    server.maxConnections = CONNECTIONS_MAX
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

/** How long a closing server waits for answers on their way. */
export const CLOSE_GRACE_MS = 300
/** Connections one server keeps open: 500 dashboards with a socket each, and as many browsers asking. */
const CONNECTIONS_MAX = 2_000

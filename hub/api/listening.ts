import type { Server } from 'node:net'
import { fault } from '../faults.ts'

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

/** Connections one server keeps open: 500 dashboards with a socket each, and as many browsers asking. */
const CONNECTIONS_MAX = 2_000

import { hash } from 'node:crypto'
import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { Validity } from '@lotkeeper/protocol/rules/renewal.ts'
import { fault } from '../faults.ts'
import { openFrameGuard } from './guard.ts'

/** Largest message before a client has proved who it is: a CONNECT with a will fits many times. */
export const CONNECT_BYTES_MAX = 8_192
/** Largest message after: four batches' room, so that only nonsense is refused. */
export const MESSAGE_BYTES_MAX = 524_288
/** Sockets at once: 500 nodes and as many observers. */
export const CONNECTIONS_MAX = 1_024
/** A socket that has not said CONNECT by then is closed. */
export const CONNECT_WITHIN_MS = 10_000

/** Where the broker listens and how it proves itself; PEM texts. */
export interface BrokerSettings {
  readonly host: string
  readonly port: number
  readonly key: string
  readonly certificate: string
  /** The county's authority: who has no certificate of it is refused in the handshake. */
  readonly authority: string
  /** Whether a TLS key (SHA-256 of its SPKI, upper-case hex) was revoked: its certificate still looks good to the handshake. */
  readonly isRevoked: (tlsKey: string) => boolean
}

/** Common name of the certificate a socket came with. */
export const certifiedName = (socket: TLSSocket): string | undefined => {
  const name = socket.getPeerCertificate().subject?.CN
  return typeof name === 'string' ? name : undefined
}

/** SHA-256 of the socket's TLS key (subject public key info), as our certificates name TLS keys. */
export const tlsKeyOf = (socket: TLSSocket): string => {
  const certificate = socket.getPeerX509Certificate()
  return certificate ? hash('sha256', certificate.publicKey.export({ type: 'spki', format: 'der' })).toUpperCase() : ''
}

/** From when to when the certificate is good that a socket came with. */
export const validityOf = (socket: TLSSocket): Validity | null => {
  const certificate = socket.getPeerX509Certificate()
  return certificate ? { fromMs: certificate.validFromDate.getTime(), untilMs: certificate.validToDate.getTime() } : null
}

const ADMIT = Symbol('admit')
type GuardedSocket = TLSSocket & { [ADMIT]?: () => void }

/** The socket's client was let in: the larger limit holds from now on. */
export const admit = (socket: GuardedSocket): void => socket[ADMIT]?.()

/** Looks at every chunk before the broker library does; it reads by `socket.read()`, so that is where the guard stands. */
export const guardSocket = (socket: GuardedSocket, tooLarge: () => void): void => {
  const guard = openFrameGuard({ beforeConnect: CONNECT_BYTES_MAX, after: MESSAGE_BYTES_MAX })
  const read = socket.read.bind(socket)
  socket[ADMIT] = guard.admit
  socket.read = (size?: number) => {
    const chunk: Buffer | null = read(size)
    if (chunk === null || guard.passes(chunk)) return chunk
    tooLarge()
    socket.destroy()
    return null
  }
}

/** A port that is listened on; its end does not wait for whoever hangs on. */
export interface Listening {
  readonly port: number
  /** PEM with its chain; its key stays. */
  readonly showCertificate: (certificate: string) => void
  readonly close: () => Promise<void>
}

export const listen = (
  settings: BrokerSettings,
  take: (socket: TLSSocket) => void,
  turnedAway: (why: string) => void,
): Promise<Listening> =>
  new Promise((resolve, reject) => {
    const facts = {
      key: settings.key,
      cert: settings.certificate,
      ca: settings.authority,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
      handshakeTimeout: CONNECT_WITHIN_MS,
    } as const
    const server = createServer(facts, take)
    server.maxConnections = CONNECTIONS_MAX
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      socket.destroy()
      turnedAway(error.code ?? error.message)
    })
    server.once('error', (cause) =>
      reject(fault('broker.cannot-listen', { host: settings.host, port: settings.port, why: cause.message }, cause)),
    )
    const open = new Set<Socket>()
    server.on('connection', (socket) => {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    })
    server.listen(settings.port, settings.host, () => {
      const address = server.address()
      resolve({
        port: typeof address === 'object' && address ? address.port : settings.port,
        showCertificate: (cert) => server.setSecureContext({ ...facts, cert }),
        close: () => closeAll(server, open),
      })
    })
  })

/** Somebody in the middle of a handshake, or who never says CONNECT, would hold the end up for as long as he is allowed to be silent. */
const closeAll = (server: Server, open: ReadonlySet<Socket>): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of open) socket.destroy()
  })

import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { type Cursor, LIVE_EVENTS, LIVE_PATH } from '@lotkeeper/protocol/api/live.ts'
import { problemOf } from '@lotkeeper/protocol/api/problem.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { Server, type Socket } from 'socket.io'
import { Compile } from 'typebox/compile'
import { scopeIn } from '../access/authorise.ts'
import { type Caller, type Check, mayComeFrom, type Session, tokenOf } from '../access/caller.ts'
import { maskedEvent } from '../access/masking.ts'
import type { Sight } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'
import type { Audience } from './audience.ts'

/** The one door of Socket.io: who may listen is decided by the same session as every question. */
export interface Sockets {
  readonly attach: (server: HttpServer | HttpsServer) => void
  /** Drops the sockets of these sessions at once. */
  readonly dropWhere: (isTheirs: (session: Session) => boolean) => void
  readonly close: () => void
}

/** A client says no more than where it stands. */
const WORD_BYTES_MAX = 4_096
/** A client that has not answered for so long is gone. */
const PING_EVERY_MS = 10_000
const PING_ANSWER_MS = 10_000

/** What is answered here never comes by the routes, which say the same of every answer of theirs: it is no page, and nobody keeps it. */
const HEADERS = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const
/** How long somebody may take to say who they are, and how many of those there may be; who is signed in already is let in beside them. */
const SIGN_IN_MS_MAX = 5_000
const STRANGERS_MAX = 500
/** How many listen at once, in all and under one name: a county has 500 boards on its walls, and often one name for all of them. */
const LISTENERS_MAX = 1_500
const LISTENERS_OF_ONE_MAX = 600
const AGAIN_SECONDS = 60

/** How soon every session is asked for again: then whoever was signed out, or may see something else now, is gone even if nobody said so. */
export const CHECKED_WITHIN_MS = 30_000
/** So often a part of them is, so that thousands do not hold up the rest. */
const CHECK_EVERY_MS = 1_000

export const openSockets = ({ check, seat, after, isOwnHost = () => true }: SocketParts): Sockets => {
  const servers: Server[] = []
  const welcomed = new Map<Socket, Admitted>()
  let turns: Iterator<[Socket, Admitted]> = welcomed.entries()
  const checkSome = (): void => {
    for (let left = Math.ceil((welcomed.size * CHECK_EVERY_MS) / CHECKED_WITHIN_MS); left > 0; left -= 1) {
      const turn = turns.next()
      if (turn.done) {
        turns = welcomed.entries()
        break
      }
      const [socket, { session, token }] = turn.value
      const now = check(token)
      if (!now || rightsText(now) !== rightsText(session)) socket.disconnect(true)
    }
    cancel = after(CHECK_EVERY_MS, checkSome)
  }
  let cancel = after(CHECK_EVERY_MS, checkSome)
  const mayKnock = (caller: Pick<Caller, 'headers' | 'secure'>): boolean => {
    if (!isOwnHost(caller.headers['host']?.toString()) || !mayComeFrom(caller)) return false
    const strangers = servers.reduce((sum, { engine }) => sum + engine.clientsCount, 0) - welcomed.size
    return strangers < STRANGERS_MAX || check(tokenOf(caller)?.token ?? '') !== null
  }
  const hasRoomFor = ({ user }: Session): boolean => {
    if (welcomed.size >= LISTENERS_MAX) return false
    let own = 0
    for (const { session } of welcomed.values()) if (session.user === user) own += 1
    return own < LISTENERS_OF_ONE_MAX
  }
  return {
    dropWhere: (isTheirs) => {
      for (const [socket, { session }] of welcomed) if (isTheirs(session)) socket.disconnect(true)
    },
    attach: (server) => {
      const io = new Server(server, {
        path: LIVE_PATH,
        serveClient: false,
        maxHttpBufferSize: WORD_BYTES_MAX,
        pingInterval: PING_EVERY_MS,
        pingTimeout: PING_ANSWER_MS,
        connectTimeout: SIGN_IN_MS_MAX,
        // A page of another site must not listen with a visitor's cookie.
        allowRequest: ({ headers }, answer) => answer(null, mayKnock({ headers, secure: 'setSecureContext' in server })),
      })
      server.prependListener('request', (request: IncomingMessage, answer: ServerResponse) => {
        if (request.url?.startsWith(LIVE_PATH)) answer.setHeaders(new Map(Object.entries(HEADERS)))
      })
      io.use((socket, next) => {
        const known = admittedBy(socket, check)
        const admitted =
          isRefusal(known) || hasRoomFor(known.session) ? known : refuse('access.too-many-requests', { seconds: AGAIN_SECONDS })
        socket.data = admitted
        next(isRefusal(admitted) ? Object.assign(new Error(admitted.code), { data: problemOf(admitted) }) : undefined)
      })
      io.on('connection', (socket) => {
        const admitted = socket.data as Admitted
        welcomed.set(socket, admitted)
        socket.on('disconnect', () => welcomed.delete(socket))
        welcome(socket, admitted, seat)
      })
      servers.push(io)
    },
    close: () => {
      cancel()
      for (const io of servers) {
        io.disconnectSockets(true)
        io.engine.close()
      }
    },
  }
}

interface SocketParts {
  readonly check: Check
  readonly seat: Audience['seat']
  readonly after: HubParts['timers']['after']
  /** Whether the hub goes by a name; left out: by every one. */
  readonly isOwnHost?: ((host: string | undefined) => boolean) | undefined
}

/** Somebody who listens: who, by which token, and what they may see. */
interface Admitted {
  readonly session: Session
  readonly token: string
  readonly sight: Sight
}

const rightsText = ({ rights }: Session): string => JSON.stringify(rights)

/** The view shows stock; whoever may not see that listens to nothing. Discrepancies are a right of their own. */
const admittedBy = (socket: Socket, check: Check): Admitted | Refusal => {
  const { auth, headers, secure } = socket.handshake
  const brought: unknown = auth['token']
  const token = typeof brought === 'string' ? brought : tokenOf({ headers, secure })?.token
  const session = token === undefined ? null : check(token)
  if (token === undefined || !session) return refuse('access.not-signed-in')
  const sites = scopeIn(session, 'stock.see')
  if (sites === null) return refuse('access.right-missing', { right: 'stock.see' })
  return { session, token, sight: { sites, discrepancies: scopeIn(session, 'discrepancies.see') } }
}

const welcome = (socket: Socket, { session, sight }: Admitted, seat: Audience['seat']): void => {
  const place = seat({
    sight,
    // Only what the network has taken counts as sent: Socket.io would queue without end for a client that has stopped reading.
    isReady: () => socket.conn.readyState === 'open' && socket.conn.transport.writable,
    tellDelta: (delta) => void socket.emit('delta', maskedEvent('delta', session.rights, delta)),
    tellSnapshot: (snapshot) => void socket.emit('snapshot', maskedEvent('snapshot', session.rights, snapshot)),
    untilMs: Date.parse(session.until),
    drop: () => void socket.disconnect(true),
  })
  socket.on('join', (word: unknown) => {
    if (joinCheck.Check(word)) place.join((word as { readonly cursor: Cursor | null }).cursor)
    else socket.disconnect(true)
  })
  socket.on('disconnect', place.leave)
}

const joinCheck = Compile(LIVE_EVENTS.join.payload)

import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { type Cursor, LIVE_EVENTS, LIVE_PATH } from '@lotkeeper/protocol/api/live.ts'
import { problemOf } from '@lotkeeper/protocol/api/problem.ts'
import { refuse } from '@lotkeeper/protocol/refusals.ts'
import { Server, type Socket } from 'socket.io'
import { Compile } from 'typebox/compile'
import { type Check, mayComeFrom, type Session, tokenOf } from '../access/caller.ts'
import type { Audience } from './audience.ts'

/** The one door of Socket.io: who may listen is decided by the same session as every question. */
export interface Sockets {
  readonly attach: (server: HttpServer | HttpsServer) => void
  readonly close: () => void
}

/** A client says no more than where it stands. */
const WORD_BYTES_MAX = 4_096
/** A client that has not answered for so long is gone. */
const PING_EVERY_MS = 10_000
const PING_ANSWER_MS = 10_000

export const openSockets = ({ check, seat }: { readonly check: Check; readonly seat: Audience['seat'] }): Sockets => {
  const servers: Server[] = []
  return {
    attach: (server) => {
      const io = new Server(server, {
        path: LIVE_PATH,
        serveClient: false,
        maxHttpBufferSize: WORD_BYTES_MAX,
        pingInterval: PING_EVERY_MS,
        pingTimeout: PING_ANSWER_MS,
        // A page of another site must not listen with a visitor's cookie.
        allowRequest: (request, answer) => answer(null, mayComeFrom({ headers: request.headers, secure: false })),
      })
      io.use((socket, next) => {
        const session = sessionOf(socket, check)
        socket.data = session
        next(session ? undefined : Object.assign(new Error('access.not-signed-in'), { data: problemOf(refuse('access.not-signed-in')) }))
      })
      io.on('connection', (socket) => welcome(socket, socket.data as Session, seat))
      servers.push(io)
    },
    close: () => {
      for (const io of servers) {
        io.disconnectSockets(true)
        io.engine.close()
      }
    },
  }
}

const sessionOf = (socket: Socket, check: Check): Session | null => {
  const { auth, headers, secure } = socket.handshake
  const brought: unknown = auth['token']
  const token = typeof brought === 'string' ? brought : tokenOf({ headers, secure })?.token
  return token === undefined ? null : check(token)
}

const welcome = (socket: Socket, session: Session, seat: Audience['seat']): void => {
  const place = seat({
    // Only what the network has taken counts as sent: Socket.io would queue without end for a client that has stopped reading.
    isReady: () => socket.conn.readyState === 'open' && socket.conn.transport.writable,
    tellDelta: (delta) => void socket.emit('delta', delta),
    tellSnapshot: (snapshot) => void socket.emit('snapshot', snapshot),
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

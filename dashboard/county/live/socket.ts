import { io } from 'socket.io-client'
import { LIVE_AT } from '../../parts/routes.ts'
import type { LiveSocket, SocketSide } from './store.ts'

/** The socket to the hub: the only file that knows Socket.io. It reconnects for ever; the cookie of the page signs it in. */
export const openSocket = (on: SocketSide): LiveSocket => {
  const socket = io({
    path: LIVE_AT,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    timeout: 5_000,
  })
  socket.on('connect', on.up)
  socket.on('disconnect', (why) => {
    on.down()
    // The hub dropped it: what this sign-in may see has changed, or it ended, which the next try is told.
    if (why === 'io server disconnect') socket.connect()
  })
  let again: ReturnType<typeof setTimeout> | undefined
  socket.on('connect_error', () => {
    on.down()
    // Refused: the cookie of a new session may be on its way while the old one has ended already. The client itself tries no more then.
    if (!socket.active) again = setTimeout(() => socket.connect(), AGAIN_MS)
  })
  socket.on('snapshot', on.snapshot)
  socket.on('delta', on.delta)
  return {
    join: (cursor) => void socket.emit('join', { cursor }),
    close: () => {
      clearTimeout(again)
      socket.disconnect()
    },
  }
}

/** So long after a refusal the next try: nobody waits for it, and a page that was left open does not knock all day. */
const AGAIN_MS = 5_000

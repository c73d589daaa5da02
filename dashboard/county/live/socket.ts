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
  socket.on('disconnect', on.down)
  socket.on('connect_error', on.down)
  socket.on('snapshot', on.snapshot)
  socket.on('delta', on.delta)
  return {
    join: (cursor) => void socket.emit('join', { cursor }),
    close: () => void socket.disconnect(),
  }
}

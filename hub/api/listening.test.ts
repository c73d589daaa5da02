import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keepRoom } from './listening.ts'

let server: Server
let answer: () => void
const opened: Socket[] = []
beforeEach(async () => {
  server = createServer((request, reply) => {
    if (request.url === '/held') answer = () => void reply.end('late')
    else request.resume().once('end', () => void reply.end('soon'))
  })
  keepRoom(server, 3)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy()
  server.close()
})

/** Comes and says that; it has been heard, or answered where it is answered at once, or hung up on. */
const come = async (says = ''): Promise<{ readonly isOpen: () => boolean; readonly heard: () => string }> => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  opened.push(socket)
  let text = ''
  socket.on('error', () => socket.destroy())
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part
  })
  const accepted = once(server, 'connection')
  await once(socket, 'connect')
  await accepted
  if (says !== '') {
    const gone = new Promise((resolve) => socket.once('close', resolve))
    const heard = new Promise((resolve) => (says === GET('/') ? socket.once('data', resolve) : server.once('request', resolve)))
    socket.write(says)
    await Promise.race([gone, heard])
  }
  return { isOpen: () => !socket.destroyed && !socket.readableEnded, heard: () => text }
}
const areOpen = (...who: readonly Awaited<ReturnType<typeof come>>[]) => who.map(({ isOpen }) => isOpen())
const GET = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`
const DRIPPING = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\na'

it('ends whoever has said nothing for longest, and never one who waits for an answer', async () => {
  const held = await come(GET('/held'))
  const [silent, dripping] = [await come(), await come(DRIPPING)]
  const served = await come(GET('/'))
  await expect.poll(() => areOpen(held, silent, dripping, served)).toEqual([true, false, true, true])
  const next = await come(GET('/'))
  await expect.poll(() => areOpen(held, dripping, served, next)).toEqual([true, false, true, true])
  answer()
  await expect.poll(held.heard).toContain('late')
  await come()
  await expect.poll(() => areOpen(held, served, next)).toEqual([true, false, true])
})

it('turns a newcomer away only when every connection is being answered', async () => {
  const busy = [await come(GET('/held')), await come(GET('/held')), await come(GET('/held'))]
  const newcomer = await come(GET('/'))
  await expect.poll(() => areOpen(...busy, newcomer)).toEqual([true, true, true, false])
})

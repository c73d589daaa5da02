import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openPort, PORT_FAULTS, placeOf } from './port.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
})

/** A real TCP server; `client` is whoever connected. */
const serve = async (greet: (socket: Socket) => void = () => {}) => {
  const met: Socket[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    met.push(socket)
    greet(socket)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { address: `tcp://127.0.0.1:${address.port}`, met }
}
const ear = () => {
  const heard: string[] = []
  const lost: string[] = []
  return {
    heard,
    lost,
    on: { chunk: (bytes: Uint8Array) => void heard.push(Buffer.from(bytes).toString('hex')), lost: (why: string) => void lost.push(why) },
  }
}
const until = async (done: () => boolean): Promise<void> => {
  for (let waited = 0; !done(); waited += 5) {
    if (waited > 4_000) throw new Error('waited 4 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
const BAUD = { baud: 115_200 }

describe('addresses', () => {
  it.each([
    ['/dev/ttyUSB0', { kind: 'serial', path: '/dev/ttyUSB0' }],
    ['tcp://10.0.0.7:4001', { kind: 'tcp', host: '10.0.0.7', port: 4001 }],
    ['tcp://[::1]:4001', { kind: 'tcp', host: '::1', port: 4001 }],
    ['tcp://reader.local:4001', { kind: 'tcp', host: 'reader.local', port: 4001 }],
    ['tcp://10.0.0.7', null],
    ['tcp://10.0.0.7:0', null],
    ['tcp://10.0.0.7:99999', null],
    ['tcp://10.0.0.7:4001/x', null],
    ['ttyUSB0', null],
    ['http://10.0.0.7:80', null],
    ['', null],
  ])('%s', (address, expected) => {
    expect(placeOf(address)).toEqual(expected)
  })
})

describe('faults', () => {
  it.each([
    ['serial.address-wrong', 'ttyUSB0'],
    ['serial.open-failed', '/dev/there-is-no-such-device'],
    ['serial.open-failed', 'tcp://127.0.0.1:1'],
  ])('%s at %s', async (code, address) => {
    await expect(openPort(address, BAUD, ear().on)).rejects.toMatchObject({ code })
  })

  it('serial.write-failed after the end', async () => {
    const { address } = await serve()
    const port = await openPort(address, BAUD, ear().on)
    await port.close()
    await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'serial.write-failed' })
  })

  it('every fault has its sentence in both languages', () => {
    for (const { zh, en } of Object.values(PORT_FAULTS)) expect([zh, en].every((sentence) => sentence.length > 3)).toBe(true)
  })
})

describe('a TCP port', () => {
  it('carries bytes both ways, also those the server sends with the connection', async () => {
    const { address, met } = await serve((socket) => socket.write(Uint8Array.of(0, 0)))
    const { heard, lost, on } = ear()
    const port = await openPort(address, BAUD, on)
    await until(() => heard.length > 0)
    expect(heard).toEqual(['0000'])
    const came: string[] = []
    met[0]?.on('data', (bytes) => came.push(bytes.toString('hex')))
    await port.write(Uint8Array.of(0xbb, 0x7e))
    await until(() => came.length > 0)
    expect(came).toEqual(['bb7e'])
    await port.close()
    await port.close()
    expect(lost).toEqual([])
  })

  it.each([
    ['ends', (socket: Socket) => socket.end()],
    ['breaks', (socket: Socket) => socket.resetAndDestroy()],
  ])('is lost once when the server %s, and silent after', async (_, hurt) => {
    const { address, met } = await serve()
    const { lost, on } = ear()
    const port = await openPort(address, BAUD, on)
    await until(() => met.length > 0)
    for (const socket of met) hurt(socket)
    await until(() => lost.length > 0)
    await port.close()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(lost).toHaveLength(1)
  })
})

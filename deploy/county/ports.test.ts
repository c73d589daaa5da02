import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startHouse } from './house.ts'
import { freePort, onFreePorts } from './ports.ts'

const KERNEL_RANGE = '/proc/sys/net/ipv4/ip_local_port_range'
const listening = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })

test('free ports differ, are free, and are none that connections going out are given', async () => {
  // Each is listened on at once: a while later somebody else may have it.
  const ports: number[] = []
  const servers = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const port = await freePort()
      ports.push(port)
      return listening(port)
    }),
  )
  expect(new Set(ports).size).toBe(50)
  const given = existsSync(KERNEL_RANGE) ? readFileSync(KERNEL_RANGE, 'utf8') : '49152 65535'
  const [from = 0, upto = 0] = given.split(/\s/).map(Number)
  expect(ports.filter((port) => port >= from && port <= upto)).toEqual([])
  for (const server of servers) server.close()
})

test('a port that is listened on is passed over', async () => {
  const before = await freePort()
  // Whoever listens there, this test or somebody else.
  const server = await listening(before + 1).catch(() => null)
  expect(await freePort()).not.toBe(before + 1)
  server?.close()
})

test('a hub whose port somebody else took meanwhile starts on another', { timeout: 60_000 }, async () => {
  const home = mkdtempSync(join(tmpdir(), 'lotkeeper-ports-'))
  const taken = await freePort()
  const server = await listening(taken)
  const tried: number[] = []
  const hub = await onFreePorts(async () => {
    const httpPort = tried.length === 0 ? taken : await freePort()
    tried.push(httpPort)
    const others = { httpsPort: 0, brokerPort: 0, httpsHost: '127.0.0.1', brokerHost: '127.0.0.1', pages: null }
    writeFileSync(join(home, 'hub.json'), JSON.stringify({ httpPort, ...others }))
    return startHouse({ name: 'hub', args: ['hub', '--home', home] })
  })
  expect(tried).toHaveLength(2)
  expect(hub.ready['http']).toBe(`http://127.0.0.1:${tried[1]}`)
  await hub.stop()
  server.close()
  rmSync(home, { recursive: true, force: true })
})

test('it gives up after a few starts, and at once where no port is the trouble', async () => {
  let starts = 0
  const failing = (why: string) =>
    onFreePorts(() => {
      starts += 1
      return Promise.reject(new Error(why))
    })
  await expect(failing('EADDRINUSE [broker.cannot-listen]')).rejects.toThrow('EADDRINUSE')
  expect(starts).toBe(4)
  await expect(failing('[database.in-use]')).rejects.toThrow('in-use')
  expect(starts).toBe(5)
})

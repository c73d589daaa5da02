import { connect, createServer } from 'node:net'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bodyOf, hurried, openWorld, type World } from '../webhooks/fixtures/world.ts'
import { ANSWER_BYTES_MAX, ownNames } from './outgoing.ts'

const HOST = 'hooks.example.com'
const AT = '93.184.216.34:443'
let world: World
let bytesSent = 0
beforeAll(async () => {
  world = await openWorld()
  await world.serve(AT, HOST, async (request, answer) => {
    const body = await bodyOf(request)
    if (request.url === '/moved') answer.writeHead(307, { location: 'https://127.0.0.1/' }).end()
    else if (request.url === '/endless') {
      answer.writeHead(200)
      const block = Buffer.alloc(65_536)
      const pour = () => {
        // A gigabyte, if anybody takes it.
        while (!answer.destroyed && bytesSent < 1_073_741_824) {
          bytesSent += block.length
          if (!answer.write(block)) return void answer.once('drain', pour)
        }
        answer.end()
      }
      pour()
    } else if (request.url === '/never') answer.writeHead(200).flushHeaders()
    else answer.end(JSON.stringify({ body, host: request.headers.host, url: request.url }))
  })
})
afterAll(() => world.close())
beforeEach(() => {
  world.names.clear()
  world.names.set(HOST, ['93.184.216.34'])
  world.dialled.length = 0
})
const codeOf = async (asked: Promise<unknown>): Promise<string> => {
  const answer = await asked
  return isRefusal(answer) ? answer.code : `${(answer as { readonly status: number }).status}`
}
const get = (url: string, given: Parameters<World['open']>[0] = {}) => codeOf(world.open(given).ask({ method: 'GET', url }))

describe('the door out', () => {
  it('asks, under the name that was written, the address that was judged', async () => {
    const answer = await world
      .open()
      .ask({ method: 'POST', url: `https://${HOST}/in?x=%20`, body: '{"a":"药"}', headers: { 'x-one': '1' } })
    if (isRefusal(answer)) throw new Error(answer.en)
    expect(JSON.parse(Buffer.from(answer.bytes).toString())).toEqual({ body: '{"a":"药"}', host: HOST, url: '/in?x=%20' })
    expect(answer).toMatchObject({ status: 200, cut: false })
    expect(world.dialled).toEqual([AT])
  })

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '100.100.100.200',
    '0.0.0.0',
    '::1',
    '::ffff:93.184.216.34',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fe80::1',
    'fd00:ec2::254',
  ])('does not call a name that leads to %s, alone or among others', async (address) => {
    for (const addresses of [[address], ['93.184.216.34', address], [address, '93.184.216.34']]) {
      world.names.set(HOST, addresses)
      expect(await get(`https://${HOST}/`)).toBe('outgoing.address-refused')
      expect(await world.open().judge(`https://${HOST}/`)).toMatchObject({ code: 'outgoing.address-refused' })
    }
    expect(world.dialled).toEqual([])
  })

  it('is not led elsewhere by a name that changes between the look and the call', async () => {
    let looks = 0
    world.names.set(HOST, () => {
      looks += 1
      return looks === 1 ? ['93.184.216.34'] : ['127.0.0.1']
    })
    expect(await get(`https://${HOST}/`)).toBe('200')
    expect([looks, world.dialled]).toEqual([1, [AT]])
    expect(await get(`https://${HOST}/`)).toBe('outgoing.address-refused')
    expect(world.dialled).toEqual([AT])
  })

  it('tells a redirect and does not follow it', async () => {
    expect(await get(`https://${HOST}/moved`)).toBe('307')
    expect(world.dialled).toEqual([AT])
  })

  it('takes no more of an answer than it needs', async () => {
    const answer = await world.open().ask({ method: 'GET', url: `https://${HOST}/endless` })
    expect(answer).toMatchObject({ status: 200, cut: true })
    expect((answer as { readonly bytes: Uint8Array }).bytes.length).toBe(ANSWER_BYTES_MAX)
    expect(bytesSent).toBeLessThan(64 * 1_048_576)
  })

  it('waits so long and no longer: for a name, a handshake, an answer', async () => {
    const timers = { after: hurried(100) }
    expect(await get(`https://${HOST}/never`, { timers })).toBe('outgoing.slow')
    expect(await get(`https://${HOST}/`, { timers, resolve: () => new Promise(() => undefined) })).toBe('outgoing.slow')
    const mute = createServer((socket) => void socket.resume())
    await new Promise<void>((ready) => mute.listen(0, '127.0.0.1', ready))
    const { port } = mute.address() as { readonly port: number }
    expect(await get(`https://${HOST}/`, { timers, dial: () => connect(port, '127.0.0.1') })).toBe('outgoing.slow')
    await new Promise((closed) => mute.close(closed))
  })

  it('trusts a certificate of the right name under a known authority, and no other', async () => {
    await world.serve('93.184.216.35:443', 'other.example.com', (_request, answer) => void answer.end())
    world.names.set(HOST, ['93.184.216.35'])
    expect(await get(`https://${HOST}/`)).toBe('outgoing.untrusted')
    world.names.set(HOST, ['93.184.216.34'])
    expect(await get(`https://${HOST}/`, { authorities: [] })).toBe('outgoing.untrusted')
    expect(await get(`https://${HOST}/`)).toBe('200')
  })

  it('says when nobody is there, and when what answers is no web server', async () => {
    world.names.set(HOST, ['93.184.216.99'])
    expect(await get(`https://${HOST}/`)).toBe('outgoing.unreachable')
    expect(await get('https://nobody.example.com/')).toBe('outgoing.unreachable')
    expect(await world.open().judge('https://nobody.example.com/')).toBe(null)
    const odd = createServer((socket) => void socket.resume().end('220 mail\r\n\r\n'))
    await new Promise<void>((ready) => odd.listen(0, '127.0.0.1', ready))
    const { port } = odd.address() as { readonly port: number }
    const given = { hosts: ['http://10.1.2.3'], dial: () => connect(port, '127.0.0.1') }
    expect(await get('http://10.1.2.3/', given)).toBe('outgoing.answer-malformed')
    await new Promise((closed) => odd.close(closed))
  })
})

describe('a host of the county that the settings name', () => {
  it('is called inside, by its exact name and way', async () => {
    await world.serve('10.20.30.40:443', 'his.county.local', (_request, answer) => void answer.end())
    await world.serve('10.20.30.40:8080', null, (_request, answer) => void answer.end())
    world.names.set('his.county.local', ['10.20.30.40'])
    const hosts = ['his.county.local', 'http://his.county.local:8080']
    expect(await get('https://his.county.local/', { hosts })).toBe('200')
    expect(await get('http://his.county.local:8080/', { hosts })).toBe('200')
    expect(await get('http://his.county.local/', { hosts })).toBe('outgoing.port-refused')
    expect(await get('https://his.county.local/')).toBe('outgoing.host-refused')
    expect(await get('https://x.his.county.local/', { hosts })).toBe('outgoing.host-refused')
  })

  it.each(['127.0.0.1', '169.254.169.254', '::1', '0.0.0.0', '100.100.100.200', '::ffff:10.1.1.1'])(
    'is not called at %s',
    async (address) => {
      world.names.set('his.county.local', [address])
      expect(await get('https://his.county.local/', { hosts: ['his.county.local'] })).toBe('outgoing.address-refused')
      expect(world.dialled).toEqual([])
    },
  )

  it('is never this hub', async () => {
    const hosts = ['his.county.local', 'hub.county.local', '10.9.9.9']
    const own = () => ['hub.county.local', '10.9.9.9']
    world.names.set('his.county.local', ['10.9.9.9'])
    expect(await get('https://his.county.local/', { hosts, own })).toBe('outgoing.own-address')
    expect(await get('https://hub.county.local/', { hosts, own })).toBe('outgoing.own-address')
    expect(await get('https://10.9.9.9/', { hosts, own })).toBe('outgoing.own-address')
    expect(ownNames(['hub.county.local'])).toEqual(expect.arrayContaining(['localhost', '127.0.0.1', 'hub.county.local']))
    expect(world.dialled).toEqual([])
  })
})

import { openKeys } from '@lotkeeper/hub/access/keys.ts'
import { openBroker } from '@lotkeeper/hub/broker/aedes.ts'
import type { BrokerEvents } from '@lotkeeper/hub/broker/broker.ts'
import { openCrypto } from '@lotkeeper/hub/crypto.ts'

/** A program of the bench: the hub's broker under the keys of a folder, and nothing behind it. Says where it listens. */
const [folder = ''] = process.argv.slice(2)
const keys = await openKeys(folder, openCrypto(), [], Date.now())
const nothing = () => {}
const events: BrokerEvents = {
  log: () => Promise.resolve(),
  have: nothing,
  certificate: nothing,
  digest: nothing,
  roster: () => {},
  birth: nothing,
  death: nothing,
  listening: nothing,
  acknowledged: nothing,
  gone: nothing,
  offence: (node, offence, detail) => process.stderr.write(`${node} ${offence} ${detail}\n`),
}
const certificate = `${keys.tls.certificate}\n${keys.authority.certificate}\n`
const broker = await openBroker(
  { host: '127.0.0.1', port: 0, key: keys.tls.key, certificate, authority: keys.authority.certificate, isRevoked: () => false },
  events,
  { clock: { now: Date.now, monotonic: () => performance.now() } },
)
process.stdout.write(`${JSON.stringify({ url: `mqtts://127.0.0.1:${broker.port}` })}\n`)

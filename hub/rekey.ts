import { parseArgs } from 'node:util'
import { askHub } from './asking.ts'

/** `lotkeeper hub revoke`: has the running hub count keys of a node no longer; prints them. */
export const revokeNodeKeys = async (args: readonly string[], homeOf: (asked: string | null) => string): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: { ...REASONED, node: { type: 'string' }, key: { type: 'string' } } })
  const wish = { action: `revoke-${crypto.randomUUID()}`, node: values.node ?? '', reason: values.reason ?? BY_HAND }
  const { revoked } = await askHub(homeOf(values.home ?? null), 'revokeKeys', { ...wish, ...(values.key ? { key: values.key } : {}) })
  process.stdout.write(revoked.map((key) => `${key}\n`).join(''))
  process.stderr.write(`吊销了 ${revoked.length} 把密钥 / ${revoked.length} keys revoked\n`)
  return 0
}

/** `lotkeeper hub rotate-key`: has the running hub sign with a new key from now on; prints its id. */
export const rotateHubKey = async (args: readonly string[], homeOf: (asked: string | null) => string): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: REASONED })
  const wish = { action: `rotate-${crypto.randomUUID()}`, reason: values.reason ?? BY_HAND }
  const { key, serial } = await askHub(homeOf(values.home ?? null), 'rotateHubKey', wish)
  process.stdout.write(`${key}\n`)
  process.stderr.write(`县中心已改用新密钥（第 ${serial} 张证书）/ the hub signs with its new key (certificate ${serial})\n`)
  return 0
}

/** `lotkeeper hub password`: has the running hub make a one-time code for somebody who cannot sign in; prints it. */
export const resetPassword = async (args: readonly string[], homeOf: (asked: string | null) => string): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: { home: { type: 'string' }, user: { type: 'string' } } })
  const wish = { action: `password-${crypto.randomUUID()}`, user: values.user ?? '' }
  const { code, until } = await askHub(homeOf(values.home ?? null), 'resetPassword', wish)
  process.stdout.write(`${code}\n`)
  process.stderr.write(
    `在登录页选“一次性代码”，凭它设新口令，到 ${until} 为止 / on the sign-in page, set a new password by it until then\n`,
  )
  return 0
}

const REASONED = { home: { type: 'string' }, reason: { type: 'string' } } as const
const BY_HAND = '命令行 / by the command line'

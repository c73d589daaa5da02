import { randomBytes } from 'node:crypto'
import { base32Of } from '@lotkeeper/protocol/wire/enrolment.ts'
import { openKeyFolder } from './folder.ts'
import { type Login, passwordHash } from './sign-in.ts'

/** Who may sign in. Without one in the settings the hub makes a password at its first start; it is told once and kept as a verifier only. */
export interface Logins {
  readonly logins: readonly Login[]
  /** The password just made, to be shown to whoever stands at the machine; `null` at every later start. */
  readonly made: { readonly user: string; readonly password: string } | null
}

export const openLogins = async (keysFolder: string, login: Login | null): Promise<Logins> => {
  if (login) return { logins: [login], made: null }
  const folder = openKeyFolder(keysFolder)
  if (folder.has(FILE)) return { logins: [JSON.parse(folder.text(FILE, () => '')) as Login], made: null }
  const password = (base32Of(randomBytes(10)).toLowerCase().match(/.{4}/g) ?? []).join('-')
  const own = { user: 'county', name: '县库管理员', passwordHash: await passwordHash(password) }
  folder.write(FILE, JSON.stringify(own))
  return { logins: [own], made: { user: own.user, password } }
}

const FILE = 'login.json'

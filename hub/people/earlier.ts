import { openKeyFolder } from '../access/folder.ts'
import type { Login } from './people.ts'

/** The login of an earlier version of the hub, which kept the only one among its keys; `null`: there was none. */
export const earlierLogin = (keysFolder: string): Login | null => {
  const folder = openKeyFolder(keysFolder)
  return folder.has(FILE) ? (JSON.parse(folder.text(FILE, () => '')) as Login) : null
}

const FILE = 'login.json'

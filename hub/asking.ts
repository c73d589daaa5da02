import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HUB_ROUTES, type HubAnswer, type HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { fault } from './faults.ts'

/** Asks the hub that runs in this home, by the token only this machine's owner can read. */
export const askHub = async <Route extends 'createEnrolment' | 'revokeKeys' | 'rotateHubKey' | 'resetPassword'>(
  home: string,
  route: Route,
  body: HubBody<Route>,
): Promise<HubAnswer<Route>> => {
  const run = join(home, 'run.json')
  if (!existsSync(run)) throw fault('hub.not-running', { home })
  const { http } = JSON.parse(readFileSync(run, 'utf8')) as { readonly http: string }
  const token = readFileSync(join(home, 'keys', 'admin.token'), 'utf8').trim()
  const { method, path } = HUB_ROUTES[route]
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const answer = await fetch(new URL(path, http), { method, headers, body: JSON.stringify(body) }).catch((cause: unknown) => {
    throw fault('hub.not-running', { home }, cause)
  })
  const said = (await answer.json()) as Record<string, unknown>
  if (!answer.ok) throw fault('hub.answer-refused', { why: `${said['title']} / ${said['titleEn']} (${said['code']})` })
  return said as HubAnswer<Route>
}

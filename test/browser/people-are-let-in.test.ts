import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newAction, openHubClient } from '@lotkeeper/deploy/county/client.ts'
import { startHouse } from '@lotkeeper/deploy/county/house.ts'
import { test as base, expect } from 'vitest'
import { openBrowser, type Page, TELEPHONE, takeScreenshot } from '../browser.ts'
import { until } from '../county.ts'
import { tooWide, untilSays } from './pages.ts'

const ADMINISTRATOR = { user: 'wang.min', password: '三口铝锅 烧 lamian' }
const KEEPER = { user: 'li.hua', password: '河边的柳树一共有七棵' }

/** A hub that nobody has set up yet, with what it said at its start, and a browser. */
const PORTS = { httpPort: 0, httpsHost: '127.0.0.1', httpsPort: 0, brokerHost: '127.0.0.1', brokerPort: 0 }
const test = base.extend('ports', { scope: 'file' }, PORTS).extend('fresh', { scope: 'file' }, async ({ ports }, { onCleanup }) => {
  const home = mkdtempSync(join(tmpdir(), 'lotkeeper-people-'))
  writeFileSync(join(home, 'hub.json'), JSON.stringify(ports))
  const said: string[] = []
  const hub = await startHouse({ name: 'hub', args: ['hub', '--home', home], onSay: (line) => said.push(line.trim()) })
  const browser = await openBrowser()
  onCleanup(async () => {
    await browser[Symbol.asyncDispose]()
    await hub.stop()
    rmSync(home, { recursive: true, force: true })
  })
  return {
    address: String(hub.ready['http']),
    code: said.at(-1) ?? '',
    browser,
    client: () => openHubClient(String(hub.ready['http']), ADMINISTRATOR),
  }
})

const go = (page: Page, hash: string): Promise<unknown> =>
  page.evaluate((to) => {
    window.location.hash = to
  }, `/${hash}`)
const newPassword = async (page: Page, password: string): Promise<void> => {
  await page.getByTestId('new-password').fill(password)
  await page.getByTestId('new-password-again').fill(password)
}
const choose = async (page: Page, field: string, option: string): Promise<void> => {
  await page.getByTestId(field).click()
  await page.locator('.ant-select-item-option', { hasText: option }).last().click()
  await page.keyboard.press('Escape')
}
const signIn = async (page: Page, { user, password }: typeof KEEPER): Promise<void> => {
  await page.getByTestId('sign-in-user').fill(user)
  await page.getByTestId('sign-in-password').fill(password)
  await page.getByTestId('sign-in-submit').click()
}
const menuOf = (page: Page): Promise<readonly string[]> =>
  page.locator('.side .menu a').evaluateAll((links) => links.map((link) => link.getAttribute('data-testid') ?? ''))

test('the first set-up, a keeper made, let in by the code, shown only what is theirs, and out at once when ended', async ({ fresh }) => {
  const admin = await fresh.browser.openPage()
  await admin.goto(fresh.address)
  await admin.getByTestId('set-up-code').fill(fresh.code)
  await admin.getByTestId('set-up-login').fill(ADMINISTRATOR.user)
  await admin.getByTestId('set-up-name').fill('王敏')
  await admin.getByTestId('new-password').fill('password12')
  const met = () =>
    admin
      .getByTestId('password-rules')
      .locator('li')
      .evaluateAll((rules) => rules.map((rule) => rule.getAttribute('data-met')))
  await expect.poll(() => met()).toEqual(['true', 'false', 'false'])
  await newPassword(admin, ADMINISTRATOR.password)
  await expect.poll(() => met()).toEqual(['true', 'true', 'true'])
  await takeScreenshot(admin, 'people-set-up')
  await admin.getByTestId('set-up-submit').click()
  await admin.getByTestId('account-open').waitFor()
  const client = await fresh.client()
  await client.get('createSite', {
    ...{ action: newAction(), site: 'qinglong', name: { zh: '青龙镇卫生院', en: 'Qinglong' }, zone: 'Asia/Shanghai' },
    rooms: [{ room: 'main', name: { zh: '耗材库房', en: '' }, use: 'store' }],
  })

  await admin.reload()
  await go(admin, 'users')
  await admin.getByTestId('user-new').click()
  await admin.getByTestId('user-login').fill(KEEPER.user)
  await admin.getByTestId('user-name').fill('李华')
  await choose(admin, 'grant-role-0', '库管员')
  await choose(admin, 'grant-sites-0', '青龙镇卫生院')
  await untilSays(admin, 'sees-look', '青龙镇卫生院')
  await expect.poll(() => admin.getByTestId('sees').textContent()).toContain('看库存、流水、批次和标签')
  await expect.poll(() => admin.getByTestId('sees-not').textContent()).toContain('看价格和金额')
  await takeScreenshot(admin, 'people-new-user')
  await admin.getByTestId('user-save').click()
  const code = (await admin.getByTestId('one-time-secret').textContent())?.trim() ?? ''
  await takeScreenshot(admin, 'people-one-time-code')
  await admin.getByTestId('one-time-done').click()

  const keeper = await fresh.browser.openPage()
  await keeper.goto(fresh.address)
  await keeper.getByTestId('sign-in-to-code').click()
  await keeper.getByTestId('code-user').fill(KEEPER.user)
  await keeper.getByTestId('code-code').fill(code)
  await newPassword(keeper, KEEPER.password)
  await takeScreenshot(keeper, 'people-redeem')
  await keeper.getByTestId('code-submit').click()
  await keeper.getByTestId('account-open').waitFor()
  await expect.poll(() => menuOf(keeper)).toEqual(expect.arrayContaining(['menu-board', 'menu-stock', 'menu-labels', 'menu-nodes']))
  const menu = await menuOf(keeper)
  for (const hidden of ['users', 'sessions', 'machines', 'asides', 'imports', 'desk']) expect(menu).not.toContain(`menu-${hidden}`)
  await go(keeper, 'users')
  await keeper.getByTestId('page-forbidden').waitFor()
  await takeScreenshot(keeper, 'people-forbidden')

  await admin.getByTestId('row').filter({ hasText: 'li.hua' }).getByTestId('record-open').click()
  await admin.getByTestId('user-end').click()
  await admin.getByTestId('reason').fill('调离')
  await admin.getByTestId('reason-send').click()
  await until(
    'the user to be ended',
    () => admin.getByTestId('user').getByTestId('user-state').getAttribute('data-state'),
    (state) => state === 'ended',
  )
  await go(keeper, 'stock')
  await keeper.getByTestId('sign-in').waitFor()
  await signIn(keeper, KEEPER)
  await untilSays(keeper, 'trouble', '口令不对')
})

test('nobody changes their own roles; what somebody else has just saved is offered, never overwritten', async ({ fresh }) => {
  const page = await fresh.browser.openPage()
  await page.goto(fresh.address)
  await signIn(page, ADMINISTRATOR)
  await page.getByTestId('account-open').waitFor()
  const client = await fresh.client()
  const { rows } = await client.get('users', {})
  const [own, other] = [rows.find(({ login }) => login === ADMINISTRATOR.user), rows.find(({ login }) => login === KEEPER.user)]
  await go(page, `users?id=${own?.user}`)
  await page.getByTestId('user-edit').click()
  await page.getByTestId('own-roles').waitFor()
  await expect.poll(() => page.getByTestId('grant-add').count()).toBe(0)
  await takeScreenshot(page, 'people-own-roles')
  await page.reload()
  await go(page, `users?id=${other?.user}`)
  await page.getByTestId('user-resume').click()
  await page.getByTestId('user-sure').click()
  await page.getByTestId('user-end').waitFor()
  await page.getByTestId('user-edit').click()
  await page.getByTestId('user-name').fill('李华（青龙）')
  const roles = [{ role: 'inspector' as const, sites: ['qinglong'] }]
  await client.get('saveUser', { action: newAction(), user: other?.user ?? '', login: KEEPER.user, name: '李桦', roles })
  await page.getByTestId('user-save').click()
  await page.getByTestId('user-reload').click()
  await untilSays(page, 'user', '验收员')
  await expect.poll(async () => (await client.get('users', { search: KEEPER.user })).rows[0]?.name).toBe('李桦')
})

test('a key is shown once, does what was ticked at the sites of its role and no more, and is out at once when ended', async ({ fresh }) => {
  const page = await fresh.browser.openPage()
  await page.goto(fresh.address)
  await signIn(page, ADMINISTRATOR)
  await page.getByTestId('account-open').waitFor()
  await go(page, 'machines')
  await page.getByTestId('machine-new').click()
  await page.getByTestId('machine-name').fill('县医院信息系统')
  await choose(page, 'grant-sites-0', '全部站点')
  await page.getByTestId('machine-narrow').click()
  await expect.poll(() => page.getByTestId('machine-save').isDisabled()).toBe(true)
  await page.getByTestId('scopes').getByText('看库存').click()
  await page.getByTestId('machine-save').click()
  const key = (await page.getByTestId('one-time-secret').textContent())?.trim() ?? ''
  await page.getByTestId('one-time-done').click()
  const asked = async (path: string): Promise<number> =>
    (await fetch(new URL(path, fresh.address), { headers: { authorization: `Bearer ${key}` } })).status
  await expect
    .poll(async () => [await asked('/api/stock'), await asked('/api/parties'), await asked('/api/users')])
    .toEqual([200, 403, 403])
  await expect.poll(() => page.locator('body').textContent()).not.toContain(key)
  await page.getByTestId('machine-end').click()
  await page.getByTestId('reason').fill('换系统')
  await page.getByTestId('reason-send').click()
  await until(
    'the key to be out',
    () => asked('/api/stock'),
    (status) => status === 401,
  )

  // Signed in elsewhere too: one tap ends it there, and not here.
  const elsewhere = await fresh.client()
  await page.getByTestId('account-open').click()
  await page.getByTestId('own-sessions-end').click()
  await until(
    'one session to be left',
    () => page.getByTestId('own-session').count(),
    (count) => count === 1,
  )
  await expect.poll(() => elsewhere.ask('session')).toMatchObject({ status: 401 })
})

test('an authenticator app is bound by its picture, asked for at the sign-in, and a guesser waits', async ({ fresh }) => {
  const page = await fresh.browser.openPage(TELEPHONE)
  await page.goto(fresh.address)
  await signIn(page, ADMINISTRATOR)
  await page.getByTestId('account-open').click()
  await page.getByTestId('account-totp-open').click()
  await page.getByTestId('own-password').fill('not the password')
  await page.getByTestId('part-submit').click()
  await untilSays(page, 'trouble', '口令不对')
  await page.getByTestId('own-password').fill(ADMINISTRATOR.password)
  await page.getByTestId('part-submit').click()
  const secret = (await page.getByTestId('totp-secret').textContent())?.replaceAll(/\s/g, '') ?? ''
  await expect
    .poll(() => page.getByTestId('totp-picture').evaluate((picture) => (picture as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(20)
  await takeScreenshot(page, 'people-totp-390')
  await page.getByTestId('totp-code').fill(totpOf(secret, Date.now()))
  await page.getByTestId('part-submit').click()
  await page.getByTestId('totp-picture').waitFor({ state: 'detached' })
  await expect.poll(() => tooWide(page)).toEqual([])
  await page.getByTestId('account-sign-out').click()
  await signIn(page, ADMINISTRATOR)
  await page.getByTestId('sign-in-code').waitFor()
  await expect.poll(() => page.getByTestId('sign-in-user').inputValue()).toBe(ADMINISTRATOR.user)
  await takeScreenshot(page, 'people-sign-in-code-390')
  // One code counts once: the next one does.
  await page.getByTestId('sign-in-code').fill(totpOf(secret, Date.now() + 30_000))
  await page.getByTestId('sign-in-submit').click()
  await page.getByTestId('account-open').waitFor()

  const guesser = await fresh.browser.openPage(TELEPHONE)
  await guesser.goto(fresh.address)
  for (const password of ['one', 'two', 'three', 'four', 'five', 'six']) {
    const answered = guesser.waitForResponse(
      (response) => response.request().method() === 'POST' && response.url().endsWith('/api/session'),
    )
    await Promise.all([answered, signIn(guesser, { user: 'guesser', password })])
    await until(
      'an answer',
      () => guesser.getByTestId('trouble').count(),
      (seen) => seen === 1,
    )
    if (await guesser.getByTestId('sign-in-submit').isDisabled()) break
    await guesser.waitForTimeout(50)
  }
  await untilSays(guesser, 'sign-in-submit', '还要等')
  const first = Number(/\d+/.exec((await guesser.getByTestId('sign-in-submit').textContent()) ?? '')?.[0])
  await until(
    'the seconds to count down',
    async () => Number(/\d+/.exec((await guesser.getByTestId('sign-in-submit').textContent()) ?? '')?.[0]),
    (left) => left < first,
  )
  await takeScreenshot(guesser, 'people-locked-390')
})

/** What an authenticator app shows [RFC 6238, by its own text: HMAC-SHA-1 of the half minute, dynamically truncated]. */
const totpOf = (secret: string, nowMs: number): string => {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  const at = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

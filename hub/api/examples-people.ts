const AT = '2026-11-22T03:24:00.000Z'
const UNTIL = '2026-11-22T15:24:00.000Z'
const roles = [{ role: 'keeper' as const, sites: ['qinglong'] }]
const session = {
  user: 'u-1f6a09c2d4e5b788',
  name: '李静',
  token: 'c291bmRzIGxpa2UgYSB0b2tlbg',
  until: UNTIL,
  roles,
  rights: { 'stock.see': ['qinglong'] },
}
const user = {
  ...{
    user: 'u-1f6a09c2d4e5b788',
    login: 'lijing',
    name: '李静',
    state: 'active' as const,
    version: 3,
    roles,
    hasPassword: true,
    hasTotp: false,
  },
  ...{ hasPin: true, sso: null, madeAt: AT, changedAt: AT, seenAt: AT },
}
const line = {
  ...{ session: 'Jq3vT0aK1xZp', user: user.user, name: user.name, by: 'password' as const, madeAt: AT, seenAt: AT, until: UNTIL },
  ...{ address: '192.168.1.20', agent: 'Mozilla/5.0', own: true },
}
const machine = {
  ...{
    machine: 'm-0b7d3e5a91c2f468',
    name: 'HIS 对接',
    roles: [{ role: 'integrator' as const, sites: 'all' as const }],
    scopes: ['stock.see' as const],
  },
  ...{ perMinute: 600, state: 'active' as const, madeBy: user.user, madeAt: AT, until: '2027-11-22T03:24:00.000Z', seenAt: null },
}
const ACTION = 'people-2026-1122'
const PASSWORD = '三口铝锅 烧 lamian'

/** What calls of the people's routes look like. */
export const PEOPLE_EXAMPLES = {
  setUp: { body: { code: 'mfzw-c5dj-nbxw-24tf', login: 'wangfang', name: '王芳', password: PASSWORD }, answer: session },
  signIn: { body: { user: 'county', password: 'lotkeeper' }, answer: session },
  session: { answer: session },
  signOut: { answer: {} },
  changePassword: { body: { password: 'lotkeeper', next: PASSWORD }, answer: session },
  redeemCode: { body: { user: 'lijing', code: 'mfzw-c5dj-nbxw-24tf-k5ux', password: PASSWORD }, answer: session },
  startTotp: {
    body: { password: 'lotkeeper' },
    answer: { secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/Lotkeeper:lijing', svg: '<svg/>' },
  },
  confirmTotp: { body: { code: '123456' }, answer: {} },
  endTotp: { body: { password: 'lotkeeper', code: '123456' }, answer: {} },
  setOwnPin: { body: { password: 'lotkeeper', pin: '250417' }, answer: {} },
  ownSessions: { answer: { rows: [line] } },
  endOwnSession: { body: { session: line.session }, answer: {} },
  names: { answer: { rows: [{ id: user.user, name: user.name }] } },
  users: { query: { search: 'li', limit: 1 }, answer: { rows: [user], next: null } },
  saveUser: {
    body: { action: ACTION, login: 'lijing', name: '李静', roles },
    answer: { user, code: 'mfzw-c5dj-nbxw-24tf-k5ux', until: '2026-11-25T03:24:00.000Z' },
  },
  endUser: { body: { action: ACTION, user: user.user, reason: '调离' }, answer: { ...user, state: 'ended' as const } },
  resumeUser: { body: { action: ACTION, user: user.user }, answer: user },
  resetPassword: {
    body: { action: ACTION, user: user.user },
    answer: { user: user.user, code: 'mfzw-c5dj-nbxw-24tf-k5ux', until: '2026-11-25T03:24:00.000Z' },
  },
  resetTotp: { body: { action: ACTION, user: user.user }, answer: user },
  setPin: { body: { action: ACTION, user: user.user, pin: '250417' }, answer: user },
  sessions: { query: { limit: 1 }, answer: { rows: [line], next: null } },
  endSession: { body: { session: line.session }, answer: {} },
  machines: { query: { limit: 1 }, answer: { rows: [machine], next: null } },
  saveMachine: {
    body: { action: ACTION, name: machine.name, roles: machine.roles, scopes: machine.scopes, days: 365, perMinute: 600 },
    answer: { machine, key: 'lk_m-0b7d3e5a91c2f468_c29tZXRoaW5nIHNlY3JldCBvZiA0MyBsZXR0ZXJzIGFs' },
  },
  endMachine: { body: { action: ACTION, machine: machine.machine, reason: '更换' }, answer: { ...machine, state: 'ended' as const } },
}

/** Refusals of webhooks: addresses that are told what happens. */
export const WEBHOOK_REFUSALS = {
  'webhooks.unknown': { zh: '没有这个回调：{webhook}', en: 'No such webhook: {webhook}' },
  'webhooks.ended': { zh: '这个回调已停用，不能再改', en: 'This webhook has ended and is not changed any more' },
  'webhooks.too-many': { zh: '最多 {most} 个回调，请先停用一些', en: 'At most {most} webhooks; end some first' },
  'webhooks.test-too-soon': { zh: '刚试过，请 {seconds} 秒后再试', en: 'Tested a moment ago; wait {seconds} seconds' },
  'webhooks.secret-lost': { zh: '密钥打不开了，请换一个新密钥', en: 'The secret cannot be read any more; make a new one' },
  'webhooks.answer-refused': { zh: '对方没有收下（HTTP {status}）', en: 'The receiver did not take it (HTTP {status})' },
  'webhooks.answer-redirect': {
    zh: '对方要求转到别的地址（HTTP {status}），不跟随；请填最终地址',
    en: 'The receiver redirects (HTTP {status}), which is not followed: set the final address',
  },
  'webhooks.answer-gone': { zh: '对方说这个地址不再使用（HTTP 410）', en: 'The receiver says this address is gone (HTTP 410)' },
} as const

/** Refusals of addresses that somebody set and the hub is to call. */
export const OUTGOING_REFUSALS = {
  'outgoing.url-malformed': {
    zh: '地址格式不对：要写成 https://主机名/路径，不能带用户名、# 和中文域名',
    en: 'Write the address as https://host/path: no user, no #, international names as xn--',
  },
  'outgoing.scheme-refused': { zh: '只允许 https 地址', en: 'Only https addresses are called' },
  'outgoing.host-refused': {
    zh: '{host} 不是公网域名；内网主机须先写进配置 outgoingHosts',
    en: '{host} is no public name; a host of your own network must stand in the setting outgoingHosts',
  },
  'outgoing.port-refused': { zh: '不允许端口 {port}，只用 443 或 8443', en: 'Port {port} is not allowed; use 443 or 8443' },
  'outgoing.own-address': { zh: '{host} 就是县中心自己，不能回调自己', en: '{host} is this hub itself' },
  'outgoing.address-refused': { zh: '{host} 指向内部或保留地址，已拒绝', en: '{host} leads to an inner or reserved address' },
  'outgoing.unreachable': { zh: '连不上对方（{why}）', en: 'Nobody was reached ({why})' },
  'outgoing.untrusted': { zh: '对方的证书不可信（{why}）', en: 'The certificate is not trusted ({why})' },
  'outgoing.slow': { zh: '对方没有及时答复', en: 'No answer in time' },
  'outgoing.answer-malformed': { zh: '对方的答复不是有效的 HTTP（{why}）', en: 'The answer was no valid HTTP ({why})' },
} as const

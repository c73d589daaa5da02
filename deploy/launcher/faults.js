/** What can break before a house runs, and what a person should do. `{name}` is filled from the facts. */
export const FAULTS = /** @type {const} */ ({
  'launcher.no-private-node': {
    zh: '这台机器（{machine}）没有现成的私有 Node，请自行安装 Node {oldest} 或更新版本',
    en: 'There is no private Node for {machine}: install Node {oldest} or newer yourself',
  },
  'launcher.node-broken': {
    zh: '私有 Node 没有装好（{node}）。检查网络后再来一次，或自行安装 Node {oldest}',
    en: 'The private Node did not arrive whole ({node}): look at the network and start again, or install Node {oldest} yourself',
  },
  'launcher.npm-missing': { zh: '找不到 npm，请先安装', en: 'npm was not found: install it first' },
  'launcher.npm-failed': {
    zh: 'npm {what} 失败（{code}）。看看网络和磁盘，再来一次',
    en: 'npm {what} failed ({code}): look at network and disk, then start again',
  },
  'launcher.waited-too-long': {
    zh: '等另一个 lotkeeper 安装，等得太久。若确实无人在安装，删除 {file}',
    en: 'Waited too long for another lotkeeper to finish installing. If nobody installs, remove {file}',
  },
  'launcher.pages-failed': {
    zh: '网页没有构建成功（{code}），原因见上',
    en: 'The pages could not be built ({code}); the reason stands above',
  },
})

/**
 * One fault, ready to be thrown.
 * @param {keyof typeof FAULTS} code
 * @param {Readonly<Record<string, string | number>>} facts
 * @param {unknown} [cause]
 */
export const faultOf = (code, facts, cause) => {
  const { zh, en } = FAULTS[code]
  const fill = (/** @type {string} */ text) => text.replace(/\{(\w+)\}/g, (_, name) => String(facts[name]))
  return Object.assign(new Error(`${fill(zh)} / ${fill(en)} [${code}]`, { cause }), { code })
}

/** Whether an error is one of ours: then its sentence is all a person needs. @param {unknown} error @returns {error is Error} */
export const isFault = (error) => error instanceof Error && 'code' in error && String(error.code) in FAULTS

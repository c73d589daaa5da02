/**
 * @typedef {object} Verb one word of the command line
 * @property {string} name
 * @property {string} module the file whose `main(args)` answers, from the root
 * @property {'when-stale' | 'when-missing' | 'never'} pages when the dashboard is built before `main` is called
 * @property {readonly string[]} [flags] what Node itself is told for this verb
 * @property {'person' | 'developer'} audience
 * @property {string} zh
 * @property {string} en
 */

/** Every verb; the only list of them. @type {readonly Verb[]} */
export const VERBS = [
  {
    name: 'hub',
    module: 'hub/main.ts',
    flags: ['--max-semi-space-size=2'],
    pages: 'when-missing',
    audience: 'person',
    zh: '县中心：接收各站账目，提供看板和接口',
    en: 'the county hub: takes the entries of all nodes, serves dashboard and API',
  },
  {
    name: 'edge',
    module: 'edge/main.ts',
    flags: ['--max-semi-space-size=1'],
    pages: 'when-missing',
    audience: 'person',
    zh: '乡镇站：连接读写器和扫码枪，本地记账',
    en: 'a township node: readers, scanner, its own books',
  },
  {
    name: 'demo',
    module: 'deploy/demo/main.ts',
    pages: 'when-stale',
    audience: 'person',
    zh: '演示县：一个中心、三个乡镇站、模拟设备',
    en: 'a county to try: one hub, three nodes, simulated devices',
  },
  {
    name: 'decode',
    module: 'deploy/verbs/decode.ts',
    pages: 'never',
    audience: 'person',
    zh: '解读条码和标签（逐行 JSON，或直接给一个码）',
    en: 'read codes and tags (JSON lines, or one code as an argument)',
  },
  {
    name: 'replay',
    module: 'deploy/verbs/replay.ts',
    pages: 'never',
    audience: 'person',
    zh: '重放读写器记录，得出门禁判断（逐行 JSON）',
    en: 'play reader recordings through the door again (JSON lines)',
  },
  {
    name: 'detect',
    module: 'deploy/verbs/detect.ts',
    pages: 'never',
    audience: 'person',
    zh: '找出串口上是哪种读写器，写进设置',
    en: 'which reader hangs on a port; writes it into the settings',
  },
  {
    name: 'capture',
    module: 'deploy/verbs/capture.ts',
    pages: 'never',
    audience: 'person',
    zh: '录下读写器的原始字节',
    en: "record a reader's bytes",
  },
  {
    name: 'simulate',
    module: 'deploy/verbs/simulate.ts',
    pages: 'never',
    audience: 'person',
    zh: '没有硬件也能玩的一扇门：模拟读写器和走动的人',
    en: 'a door without hardware: simulated readers, and people who walk',
  },
  {
    name: 'scanner',
    module: 'deploy/verbs/scanner.ts',
    pages: 'never',
    audience: 'person',
    zh: '用测试码检查扫码枪的设置',
    en: 'try a scanner with the test symbol',
  },
  {
    name: 'portal',
    module: 'deploy/verbs/portal.ts',
    pages: 'never',
    audience: 'person',
    zh: '由门的读取记录判断进出（逐行 JSON）',
    en: 'who went in and out, from the sightings of a door (JSON lines)',
  },
  {
    name: 'verify',
    module: 'deploy/verbs/verify.ts',
    pages: 'never',
    audience: 'person',
    zh: '核验账本和审计记录：链、签名、守恒、账面、检查点',
    en: 're-check a ledger or the audit: chain, signatures, conservation, projections, checkpoints',
  },
  {
    name: 'export',
    module: 'deploy/verbs/export.ts',
    pages: 'never',
    audience: 'person',
    zh: '把整本账导出成一个文件',
    en: 'write a whole ledger into one file',
  },
  {
    name: 'import',
    module: 'deploy/verbs/import.ts',
    pages: 'never',
    audience: 'person',
    zh: '从导出文件建立账本',
    en: 'make a ledger from such a file',
  },
  {
    name: 'test',
    module: 'deploy/launcher/test.ts',
    pages: 'never',
    audience: 'developer',
    zh: '全部检查和测试；后面可跟文件名筛选',
    en: 'every check and test; file names narrow it',
  },
  {
    name: 'check',
    module: 'deploy/launcher/check.ts',
    pages: 'never',
    audience: 'developer',
    zh: '只做类型、格式和死代码检查',
    en: 'types, style and dead code only',
  },
  {
    name: 'season',
    module: 'test/season/main.ts',
    pages: 'never',
    audience: 'developer',
    zh: '按种子模拟全县一季，故障齐发，核对一笔不差',
    en: 'seeded counties under every fault: nothing lost, doubled or bent',
  },
  {
    name: 'mutants',
    module: 'test/mutants/main.ts',
    pages: 'never',
    audience: 'developer',
    zh: '故意改坏协议和账本，看测试能否发现',
    en: 'break protocol and ledger on purpose: the seasons must notice',
  },
  {
    name: 'crash',
    module: 'test/crash/main.ts',
    pages: 'never',
    audience: 'developer',
    zh: '断电、杀进程、坏卡：已答复的一笔不丢',
    en: 'crashes, kills and damaged files: nothing answered is lost, nothing silently',
  },
  {
    name: 'fuzz',
    module: 'test/fuzz/main.ts',
    pages: 'never',
    audience: 'developer',
    zh: '随机和损坏的码：不崩溃、不卡住、错码不放过',
    en: 'random and damaged codes: none crashes, hangs or passes wrongly',
  },
  {
    name: 'bench',
    module: 'test/bench/main.ts',
    pages: 'when-stale',
    audience: 'developer',
    zh: '测量速度和内存',
    en: 'measure speed and memory',
  },
  {
    name: 'install',
    module: 'deploy/launcher/install.ts',
    pages: 'when-stale',
    audience: 'developer',
    zh: '装好依赖、私有 Node 和网页，不启动任何程序',
    en: 'dependencies, private Node and pages; starts nothing',
  },
]

/** The page a person sees without a verb, or with a wrong one. @returns {string} */
export const overview = () => {
  const rows = (/** @type {Verb['audience']} */ audience) =>
    VERBS.filter((verb) => verb.audience === audience)
      .map((verb) => `  ${verb.name.padEnd(9)}${verb.zh}\n${' '.repeat(11)}${verb.en}`)
      .join('\n')
  return [
    'lotkeeper：县乡医用耗材库存网络 / an inventory network for a county and its townships',
    '',
    '用法 / usage:  lotkeeper <verb> [...]      lotkeeper <verb> --help',
    '',
    rows('person'),
    '',
    '开发 / for developers:',
    rows('developer'),
    '',
  ].join('\n')
}

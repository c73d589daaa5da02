import { ACCESS_REFUSALS } from './access-refusals.ts'
import { AUDIT_REFUSALS } from './audit-refusals.ts'
import { CODE_REFUSALS } from './codes/refusals.ts'
import { IMPORT_REFUSALS } from './import-refusals.ts'
import { LABEL_REFUSALS } from './label-refusals.ts'
import { OPENING_REFUSALS } from './opening-refusals.ts'
import { OUTGOING_REFUSALS } from './outgoing-refusals.ts'
import { REFERENCE_REFUSALS } from './reference-refusals.ts'
import { TUNING_REFUSALS } from './tuning-refusals.ts'
import { WEBHOOK_REFUSALS } from './webhook-refusals.ts'

/** An expected no, as data: a code, what it means to a person in Chinese and English, and the values that matter. */
export interface Refusal {
  readonly refused: true
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}

/** Every refusal of the house. `{name}` is filled from the facts. */
export const REFUSALS = {
  ...ACCESS_REFUSALS,
  ...AUDIT_REFUSALS,
  ...CODE_REFUSALS,
  ...IMPORT_REFUSALS,
  ...LABEL_REFUSALS,
  ...OPENING_REFUSALS,
  ...OUTGOING_REFUSALS,
  ...REFERENCE_REFUSALS,
  ...TUNING_REFUSALS,
  ...WEBHOOK_REFUSALS,
  'ledger.not-enough': {
    zh: '账面不足：{place} 的批号 {lot} 账面 {book}，要出 {asked}',
    en: 'Not enough on the books: lot {lot} at {place} has {book}, asked {asked}',
  },
  'ledger.quantity-not-whole': { zh: '数量必须是大于 0 的整数（收到 {units}）', en: 'A quantity is a whole number above 0 (got {units})' },
  'ledger.lot-malformed': { zh: '批号格式不对：{lot}', en: 'This is no lot: {lot}' },
  'ledger.place-unknown': { zh: '没有这个库位：{place}', en: 'No such place: {place}' },
  'ledger.place-not-owned': { zh: '该库位不归本站管理：{place}', en: 'This place belongs to another node: {place}' },
  'ledger.same-place': { zh: '移出和移入是同一库位：{place}', en: 'From and to are the same place: {place}' },
  'ledger.ask-foreign': { zh: '库位 {place} 不归站点管理，无法要求它处理', en: 'Place {place} belongs to no node that could be asked' },
  'ledger.ownership-same': { zh: '原站和接收站是同一个：{node}', en: 'The places already belong to {node}' },
  'ledger.ownership-alive': {
    zh: '{node} 还在线，不能移交它的库位',
    en: '{node} is on line: its places cannot pass to another',
  },
  'ledger.reverse-unknown-line': { zh: '要冲销的明细不存在（第 {line} 行）', en: 'There is no such line to reverse (line {line})' },
  'ledger.reverse-twice': { zh: '这一笔已经冲销过', en: 'This movement is already reversed' },
  'ledger.reverse-foreign': { zh: '只能冲销本站的记录', en: 'Only own entries can be reversed' },
  'ledger.reverse-nothing': { zh: '这条记录没有可冲销的数量', en: 'This entry moved nothing that could be reversed' },
  'ledger.reverse-reversal': { zh: '冲销记录不能再冲销，请重新登记', en: 'A reversal is not reversed again: book the act anew' },
  'ledger.entry-unknown': { zh: '没有这条记录：{entry}', en: 'No such entry: {entry}' },
  'ledger.entry-too-large': { zh: '一笔记录超过 16 KB（{bytes} 字节）', en: 'One entry would exceed 16 KB ({bytes} bytes)' },
  'ledger.disk-failed': {
    zh: '磁盘写入失败，暂停记账；查询照常。请检查存储卡',
    en: 'The disk fails to write: nothing is booked until it does; reading goes on. Check the card',
  },
  'ledger.disk-full': {
    zh: '磁盘已满，暂停记账；查询照常。请清理后重试',
    en: 'The disk is full: nothing is booked until room is made; reading goes on',
  },
  'rules.lot-expired': {
    zh: '批号 {lot} 已于 {expiry} 过期，不能领用；确需使用请填写理由',
    en: 'Lot {lot} expired on {expiry}; to use it all the same give a reason',
  },
  'rules.more-than-book': {
    zh: '领用 {asked}，账面只有 {book}。确认实物够数后可继续，差额记入“原因不明”',
    en: 'Asked {asked}, the book says {book}. If the shelf has them, confirm: the difference is booked as unexplained',
  },
  'rules.item-retired': {
    zh: '{item} 已停用，不再采购和入库；确需收下请填写理由',
    en: '{item} is retired: it is no longer bought or received; to take it all the same give a reason',
  },
  'rules.certificate-ended': {
    zh: '{item} 的注册证 {number} 有效期至 {until}，{day} 已失效；确需收下请填写理由',
    en: 'Registration certificate {number} of {item} ended on {until}, before {day}; to take it all the same give a reason',
  },
  'rules.certificate-not-yet': {
    zh: '{item} 的注册证 {number} 自 {from} 起有效，{day} 尚未生效；确需收下请填写理由',
    en: 'Registration certificate {number} of {item} holds from {from} on, after {day}; to take it all the same give a reason',
  },
  'rules.licence-ended': {
    zh: '{item} 的生产企业 {maker} 的许可 {number} 已于 {until} 到期；确需收下请填写理由',
    en: 'Licence {number} of {maker}, who makes {item}, ended on {until}; to take it all the same give a reason',
  },
  'rules.label-incomplete': {
    zh: '{item} 的标签上应有{missing}，这里没有。请照标签补填；标签上确实没有请填写理由',
    en: 'The label of {item} should bear {missing}, and none is given here. Fill it in from the label; if the label lacks it give a reason',
  },
  'rules.lot-expiry-moved': {
    zh: '批号 {lot} 的有效期刚有变化（现为 {dates}），请核对后再选',
    en: 'The expiry dates of lot {lot} have changed meanwhile (now {dates}): look again',
  },
  'rules.reason-missing': { zh: '请填写理由', en: 'A reason is needed' },
  'rules.already-booked': {
    zh: '门禁在 {at} 刚记过这个批号 {booked}，本次要入 {asked}。同一箱不必再记；另一箱请选“另一箱”',
    en: 'The door booked {booked} of this lot at {at}, this asks {asked}: for the same box nothing is to do, for another box say so',
  },
  'rules.clock-unsure': {
    zh: '本站时钟未经核对，今天按 {today} 计',
    en: 'The clock of this node is not confirmed; it goes by {today}',
  },
  'stockroom.item-unknown': { zh: '目录里没有这个品种：{code}', en: 'The catalogue has no such item: {code}' },
  'stockroom.item-known': { zh: '这个码目录里已有：{item}', en: 'The catalogue knows this code: {item}' },
  'stockroom.tag-unknown': { zh: '没有登记过的标签：{epc}', en: 'This tag is not registered: {epc}' },
  'stockroom.tag-retired': { zh: '标签 {epc} 已作废：{why}', en: 'Tag {epc} is retired: {why}' },
  'stockroom.tag-in-use': { zh: '标签 {epc} 正贴在批号 {lot} 上', en: 'Tag {epc} stands on lot {lot}' },
  'stockroom.tag-announced': {
    zh: '标签 {epc} 是发往本站、还没到的货（批号 {lot}），请按入库办理',
    en: 'Tag {epc} announces goods of lot {lot} that have not come yet: receive them',
  },
  'stockroom.tag-not-here': { zh: '标签 {epc} 的货不在本站', en: 'What tag {epc} stands for is not at this site' },
  'stockroom.tag-unread': {
    zh: '从 {scan} 认不出电子标签号，请扫标签芯片或录入编号',
    en: 'No tag number can be read in {scan}: read the chip, or type its number',
  },
  'stockroom.tag-nothing': { zh: '新旧标签至少要有一个，且不能相同', en: 'Name the old tag, the new one or both, and not the same' },
  'stockroom.tags-exceed-stock': {
    zh: '批号 {lot} 此处有 {units}，已贴标签 {tagged}，不够再贴一个 {asked} 的',
    en: 'Of lot {lot} {units} stand here and {tagged} of them bear tags: there is no pack of {asked} left to tag',
  },
  'stockroom.tag-moved-on': {
    zh: '标签 {epc} 之后又有变动，不能撤销换标',
    en: 'Tag {epc} has moved on since, so this cannot be taken back',
  },
  'stockroom.room-unknown': { zh: '本站没有这个库房：{room}', en: 'This site has no such room: {room}' },
  'stockroom.units-missing': { zh: '请填写数量', en: 'Say how many units' },
  'stockroom.task-unknown': { zh: '没有这条待办：{task}', en: 'No such task: {task}' },
  'stockroom.task-settled': { zh: '这条待办已经处理过', en: 'This task is settled already' },
  'stockroom.answer-unknown': { zh: '这条待办不接受这个答复：{answer}', en: 'This task does not take that answer: {answer}' },
  'stockroom.book-moved': {
    zh: '账面已从 {shown} 变为 {book}，请核对后再提交',
    en: 'The book moved from {shown} to {book} meanwhile: look again',
  },
  'stockroom.lot-unknown': { zh: '本站没有这个批号：{lot}', en: 'This site knows no such lot: {lot}' },
  'stockroom.site-unknown': { zh: '没有这个站点：{site}', en: 'No such site: {site}' },
  'stockroom.expiry-later': {
    zh: '新批号的有效期 {expiry} 不能晚于原料中最早的 {earliest}',
    en: 'The expiry {expiry} of what is made cannot be later than the earliest of its parts, {earliest}',
  },
  'stockroom.same-lot': {
    zh: '新批号不能与原料的批号相同：{lot}',
    en: 'What is made cannot bear the lot of one of its parts: {lot}',
  },
  'stockroom.units-differ': {
    zh: '同一品种前后数量必须相等：原 {from}，新 {to}；有损耗请先报废',
    en: 'Within one item the units must agree: {from} taken, {to} made; scrap what was lost first',
  },
  'stockroom.tag-other-lot': {
    zh: '标签 {epc} 登记的是批号 {lot}',
    en: 'Tag {epc} stands for lot {lot}',
  },
  'stockroom.codes-too-many': {
    zh: '还有 {max} 个不认识的码没处理，先处理再扫新的',
    en: '{max} unknown codes wait for an answer: settle those before new ones are kept',
  },
  'stockroom.pair-unknown': {
    zh: '这两个码已经不在等待配对（{pair}），请重新扫',
    en: 'These scans are no pair any more ({pair}): scan them again',
  },
  'stockroom.device-unknown': { zh: '没有这台设备或天线：{device}', en: 'No such device or antenna: {device}' },
  'stockroom.alarm-unknown': { zh: '没有这条预警：{alarm}', en: 'No such alarm: {alarm}' },
  'api.request-malformed': { zh: '请求内容不对：{where} {why}', en: 'The request is malformed: {where} {why}' },
  'api.not-found': { zh: '没有这个地址或记录', en: 'No such address or record' },
  'api.body-too-large': { zh: '内容太大', en: 'The request body is too large' },
  'api.streams-too-many': { zh: '打开的页面太多，请关掉几个', en: 'Too many pages are open; close some' },
  'api.media-type-unknown': { zh: '只接受 application/json', en: 'Only application/json is taken' },
  'api.fault': { zh: '系统出错，已记录；请稍后再试', en: 'Something broke here; it is on record, try again later' },
  'api.action-missing': { zh: '请求缺少 action 编号', en: 'The request carries no action' },
  'api.action-differs': { zh: 'Idempotency-Key 与 action 编号不一致', en: 'Idempotency-Key and action name two different acts' },
  'api.action-reused': { zh: '同一个 action 编号用于了另一个操作', en: 'This action already stands for another act' },
  'catalog.version-stale': {
    zh: '{item} 已被改过（现为第 {version} 版），请刷新后再改',
    en: '{item} has changed since (it is at version {version}): look again',
  },
  'catalog.item-exists': { zh: '品种编号已被占用：{item}', en: 'There is already an item {item}' },
  'catalog.gtin-taken': { zh: '条码 {gtin} 已属于品种 {item}', en: 'GTIN {gtin} already belongs to item {item}' },
  'catalog.gtin-wrong': { zh: '条码校验位不对：{gtin}', en: 'GTIN {gtin} has a wrong check digit' },
  'catalog.tag-registered': { zh: '标签 {epc} 已经登记', en: 'Tag {epc} is registered already' },
  'catalog.site-unknown': { zh: '没有这个站点：{site}', en: 'No such site: {site}' },
  'catalog.room-stocked': {
    zh: '库房 {room} 账面还有批号 {lot}（{units}），不能取消；请先移出',
    en: 'Room {room} still has {units} of lot {lot} on the books: move them out before it goes',
  },
  'catalog.item-unknown': { zh: '没有这个品种：{item}', en: 'No such item: {item}' },
  'catalog.pack-unknown': { zh: '品种 {item} 没有包装规格 {pack}', en: 'Item {item} has no pack {pack}' },
  'catalog.pack-twice': { zh: '品种 {item} 的包装 {pack} 写了两次', en: 'Item {item} names pack {pack} twice' },
  'catalog.factor-not-whole': {
    zh: '品种 {item} 的包装 {pack}：换算数必须是大于 0 的整数（收到 {factor}）',
    en: 'Item {item}, pack {pack}: a factor is a whole number above 0 (got {factor})',
  },
  'catalog.pack-differs': {
    zh: '品种 {item} 的包装 {pack}：写的是 {units}，按下一级算是 {whole}',
    en: 'Item {item}, pack {pack}: it says {units} units, the level below makes {whole}',
  },
  'catalog.pack-loop': { zh: '品种 {item} 的包装 {pack} 绕回了自己', en: 'Item {item}: pack {pack} comes to hold itself' },
  'catalog.record-exists': { zh: '编号已被占用：{id}', en: 'There is already a record {id}' },
  'catalog.record-unknown': { zh: '没有这个编号的主数据：{id}', en: 'No such record of master data: {id}' },
  'catalog.record-merged': { zh: '{id} 已并入 {to}，请改用 {to}', en: '{id} is merged into {to}: use that one' },
  'catalog.record-retired': { zh: '{id} 已停用', en: '{id} is retired' },
  'catalog.room-unknown': { zh: '站点 {site} 没有库房 {room}', en: 'Site {site} has no room {room}' },
  'catalog.file-unknown': { zh: '没有上传过这份文件：{file}', en: 'No such file was uploaded: {file}' },
  'catalog.file-type-unknown': { zh: '只收 PDF、JPEG 或 PNG 文件', en: 'Only PDF, JPEG or PNG files are taken' },
  'catalog.file-damaged': { zh: '文件 {file} 在磁盘上已损坏，请重新上传', en: 'File {file} is damaged on the disk: upload it again' },
  'catalog.merge-self': { zh: '{id} 不能并入自己', en: '{id} cannot be merged into itself' },
  'catalog.merge-loop': { zh: '{to} 已并入 {id}，不能反过来再并', en: '{to} is merged into {id} already: the other way would be a loop' },
  'catalog.merge-unit-differs': {
    zh: '{id} 与 {to} 的基本单位不同（{unit} / {other}），不能合并',
    en: '{id} and {to} are counted in different units ({unit} / {other}) and cannot be merged',
  },
  'catalog.merge-pack-differs': {
    zh: '条码 {code} 在 {id} 是 {units}，在 {to} 是 {other}，不能合并',
    en: 'Code {code} stands for {units} in {id} and for {other} in {to}: they cannot be merged',
  },
  'catalog.provisional-unknown': { zh: '没有这条待定记录：{entry}', en: 'No node told of {entry}' },
  'catalog.provisional-settled': {
    zh: '{id} 已有结论（{state}），不能再答',
    en: '{id} is settled already ({state}) and is not answered twice',
  },
  'catalog.lot-unknown': { zh: '县里没有这个品种的批号：{lot}', en: 'The county knows no such lot of that item: {lot}' },
  'catalog.provisional-tag': { zh: '标签 {epc} 只能确认或立为冲突', en: 'Tag {epc} can only be confirmed or made a conflict' },
  'catalog.expiry-malformed': { zh: '有效期不是日期：{expiry}', en: 'The expiry is no calendar date: {expiry}' },
  'catalog.lot-expiry-differs': {
    zh: '批号 {lot} 已登记有效期 {known}，与 {expiry} 不一致',
    en: 'Lot {lot} is known with expiry {known}, not {expiry}',
  },
  'aside.unknown': { zh: '没有这份隔离或暂存的记录：{aside}', en: 'Nothing is set aside under {aside}' },
  'aside.not-asked': { zh: '这一份不由人决定（{code}）', en: 'This is not for a person to decide ({code})' },
  'aside.decided': {
    zh: '{actor} 已于 {at} 作过相反的决定，不能再改',
    en: '{actor} decided the other way at {at}: that stands',
  },
  'aside.held': { zh: '这些记录已经在账上，不用再决定', en: 'These entries are in the books already: nothing is left to decide' },
  'aside.gap': {
    zh: '接不上：账上只到第 {held} 条，这一份从第 {from} 条起。请先收它前面的那一份',
    en: 'It does not join on: the books end at entry {held}, this begins at {from}. Take what comes before it first',
  },
  'aside.fork': {
    zh: '接不上：第 {at} 条在账上是另一条记录，两支只能留先到的一支',
    en: 'It does not join on: entry {at} is another one in the books, and the branch that came first stays',
  },
  'aside.parent-missing': {
    zh: '接不上：它所接续的记录不在账上',
    en: 'It does not join on: the entry it goes on from is not in the books',
  },
  'aside.not-whole': { zh: '内容通不过校验（{code}），不能收', en: 'It fails its check ({code}) and cannot be taken' },
  'enrol.code-wrong': { zh: '登记码不对、已用过或已过期', en: 'The code is wrong, used or expired' },
  'nodes.no-certificate': {
    zh: '节点 {node} 还没有入网，没有证书可更新',
    en: 'Node {node} is not enrolled: it has no certificate to renew',
  },
  'nodes.shut-out': {
    zh: '节点 {node} 已被关在门外；要让它回来，请生成替换登记码',
    en: 'Node {node} was shut out; to let it in again make a replacing enrolment code',
  },
  'enrol.key-revoked': {
    zh: '节点 {node} 的这把密钥已被吊销，不能再入网；请用 lotkeeper edge rotate 换新密钥',
    en: 'This key of node {node} was revoked and cannot be enrolled again; make new ones with lotkeeper edge rotate',
  },
  'enrol.node-taken': {
    zh: '节点 {node} 已登记；换机请加 --replace',
    en: 'Node {node} is enrolled already; for new hardware use --replace',
  },
  'live.cursor-unknown': { zh: '游标已失效，请重取快照', en: 'The cursor is not known here; take a snapshot' },
  'wire.entry-not-canonical': { zh: '记录不是规范 JSON', en: 'An entry is not canonical JSON' },
  'wire.entry-malformed': { zh: '记录格式不对', en: 'An entry breaks its schema' },
  'wire.entry-misplaced': { zh: '记录的流、纪元或序号与批次不符', en: 'An entry names another stream, epoch or number than its batch' },
  'wire.entry-too-large': { zh: '记录超过 16 KB', en: 'An entry exceeds 16 KB' },
  'wire.envelope-malformed': { zh: '消息不是有效的 CloudEvents 信封', en: 'The message is no valid CloudEvents envelope' },
  'wire.batch-malformed': { zh: '批次格式不对', en: 'The batch is malformed' },
  'wire.writer-foreign': { zh: '该节点无权写这条流', en: 'This node may not write that stream' },
  'wire.kind-foreign': { zh: '该写入方无权写这类记录', en: 'This writer may not write entries of that kind' },
  'wire.signature-wrong': { zh: '签名不对', en: 'The signature is wrong' },
  'wire.chain-broken': { zh: '哈希链断裂', en: 'The hash chain is broken' },
  'wire.key-unknown': { zh: '签名密钥没有证书', en: 'No certificate for the signing key' },
  'wire.key-revoked': { zh: '签名密钥已吊销', en: 'The signing key is revoked' },
  'wire.fork': { zh: '同一序号出现两份不同记录', en: 'Two different entries claim one place in the stream' },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>
export type RefusalCode = keyof typeof REFUSALS

/** Makes a refusal with its sentences filled in. */
export const refuse = (code: RefusalCode, facts: Refusal['facts'] = {}): Refusal => ({
  refused: true,
  code,
  zh: fill(REFUSALS[code].zh, facts),
  en: fill(REFUSALS[code].en, facts),
  facts,
})

/** The refusal of a request whose part `where` breaks a rule, said in both languages. */
export const malformed = (where: string, why: { readonly zh: string; readonly en: string }): Refusal => ({
  ...refuse('api.request-malformed', { where, why: why.zh }),
  en: fill(REFUSALS['api.request-malformed'].en, { where, why: why.en }),
})

/** Whether an answer is a refusal. */
export const isRefusal = (answer: unknown): answer is Refusal =>
  typeof answer === 'object' && answer !== null && (answer as { refused?: unknown }).refused === true

const fill = (sentence: string, facts: Refusal['facts']): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole))
